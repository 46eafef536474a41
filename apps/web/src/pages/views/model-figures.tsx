import { ModelResponse } from '@app/contracts/classification';
import { Texts } from '../texts';

type Metrics = NonNullable<ModelResponse['metrics']>;

/** Which part of the card a figure belongs to; one that nobody knows tells how good the model is. */
const PARTS: Readonly<Record<string, 'certainty' | 'decision' | 'caption'>> = {
  ece: 'certainty',
  logLoss: 'certainty',
  answeredShare: 'decision',
  answeredRight: 'decision',
  unknownFalseAlarms: 'decision',
  unknownFoundOtherPhotos: 'decision',
  unknownFoundFlowers: 'decision',
  measuredOn: 'caption',
};

/** What `train` writes into `measuredOn`, and what it is called here. */
const MEASURED_ON: Readonly<Record<string, 'validation' | 'test'>> = {
  'validation images': 'validation',
  'test images': 'test',
};

interface FiguresProps {
  readonly texts: Texts;
  readonly metrics: Metrics | undefined;
  readonly part: 'quality' | 'certainty' | 'decision';
}

/** The measured figures of one part of the card, each with what it means. */
export function Figures({ texts, metrics = {}, part }: FiguresProps) {
  const card = texts.model;
  const figures = Object.entries(metrics).filter(([name]) => (PARTS[name] ?? 'quality') === part);
  if (figures.length === 0) return null;
  return (
    <dl class="figures">
      {figures.map(([name, value]) => {
        const known = card.metrics[name];
        return (
          <div key={name} class="card">
            <dt>{known?.name ?? card.unnamedMetric(name)}</dt>
            <dd class="figure">{card.figure(value, known?.share ?? false)}</dd>
            {known !== undefined && <dd>{known.meaning}</dd>}
          </div>
        );
      })}
    </dl>
  );
}

/** On what the figures were measured, as far as the package says it. */
export function measuredOn(metrics: Metrics | undefined): 'validation' | 'test' | undefined {
  return MEASURED_ON[String(metrics?.['measuredOn'])];
}

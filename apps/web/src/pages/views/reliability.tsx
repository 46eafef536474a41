import { ModelEvaluationResponse } from '@app/contracts/classification';
import { Texts } from '../texts';
import { Chart } from './charts';

type Bins = ModelEvaluationResponse['reliability'];

const SIDE = 300;
const LARGEST_RADIUS = 7;

/** Certainty against how often it was right (Niculescu-Mizil and Caruana 2005): a diagram, the same in words, and as a table. */
export function Reliability({ texts, bins }: { texts: Texts; bins: Bins }) {
  const { reliability: t, exactPercent, number } = texts.model;
  const images = bins.reduce((sum, bin) => sum + bin.images, 0);
  const mean = (of: 'confidence' | 'accuracy') => bins.reduce((sum, bin) => sum + bin[of] * bin.images, 0) / images;
  return (
    <Chart
      id="reliability"
      title={t.title}
      summary={t.table}
      table={{
        columns: [t.columns.confidence, t.columns.accuracy, t.columns.images],
        rows: bins.map((bin) => [exactPercent(bin.confidence), exactPercent(bin.accuracy), number(bin.images)]),
      }}
    >
      <p>{t.reading(mean('confidence'), mean('accuracy'))}</p>
      <div class="reliability">
        <p class="scale">
          {exactPercent(1)} {t.right}
        </p>
        <Diagram bins={bins} alt={t.alt(bins.length, mean('confidence'), mean('accuracy'))} />
        <p class="scale ends">
          <span>{exactPercent(0)}</span>
          <span>
            {exactPercent(1)} {t.sure}
          </span>
        </p>
      </div>
      <p class="hint">{t.legend}</p>
    </Chart>
  );
}

function Diagram({ bins, alt }: { bins: Bins; alt: string }) {
  const most = Math.max(...bins.map(({ images }) => images));
  const at = (share: number) => Math.round(share * SIDE * 10) / 10;
  const quarters = [0, 0.25, 0.5, 0.75, 1].map((share) => `M0 ${at(share)}H${SIDE}M${at(share)} 0V${SIDE}`);
  return (
    <svg role="img" aria-label={alt} viewBox={`0 0 ${SIDE} ${SIDE}`}>
      <path class="grid" d={quarters.join('')} />
      <path class="ideal" d={`M0 ${SIDE}L${SIDE} 0`} />
      {bins.map(({ images, confidence, accuracy }, index) => (
        <g key={index}>
          <path class="gap" d={`M${at(confidence)} ${at(1 - confidence)}V${at(1 - accuracy)}`} />
          <circle
            class="bin"
            cx={at(confidence)}
            cy={at(1 - accuracy)}
            r={Math.max(3, Math.round(LARGEST_RADIUS * Math.sqrt(images / most) * 10) / 10)}
          />
        </g>
      ))}
    </svg>
  );
}

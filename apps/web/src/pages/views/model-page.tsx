import { ModelResponse } from '@app/contracts/classification';
import { Texts } from '../texts';
import { Facts } from './facts';
import { Layout } from './layout';

/** The model card: what it is for, what it knows, how good it is, and what it cannot do. */
export function ModelPage({ texts, model }: { texts: Texts; model: ModelResponse }) {
  return (
    <Layout texts={texts} title={texts.model.title(model.name)} current="model">
      <p class="kicker">{texts.model.heading}</p>
      <h1>{model.name}</h1>
      <p class="lead">{model.description ?? texts.model.noDescription}</p>
      <ModelFacts texts={texts} model={model} />
      {model.metrics !== undefined && <Figures texts={texts} metrics={model.metrics} />}
      {model.thresholds !== undefined && <Decisions texts={texts} thresholds={model.thresholds} />}
      <h2>{texts.model.limitsHeading}</h2>
      <ul>
        {texts.model.limits.map((limit) => (
          <li key={limit}>{limit}</li>
        ))}
      </ul>
      <Labels texts={texts} labels={model.labels} />
    </Layout>
  );
}

function ModelFacts({ texts, model }: { texts: Texts; model: ModelResponse }) {
  const card = texts.model;
  return (
    <Facts
      kind="card"
      facts={[
        [card.version, model.version],
        [card.created, model.created && card.date(model.created)],
        [card.input, model.input && card.inputValue[model.input.resize](model.input.size)],
        [card.explains, model.explains ? card.yes : card.no],
        [card.variant, model.variant],
      ]}
    />
  );
}

function Figures({ texts, metrics }: { texts: Texts; metrics: NonNullable<ModelResponse['metrics']> }) {
  const card = texts.model;
  return (
    <section>
      <h2>{card.metricsHeading}</h2>
      <p>{card.metricsLead}</p>
      <dl class="figures">
        {Object.entries(metrics).map(([name, value]) => {
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
    </section>
  );
}

function Decisions({ texts, thresholds }: { texts: Texts; thresholds: NonNullable<ModelResponse['thresholds']> }) {
  const { decisionsHeading, decisions } = texts.model;
  return (
    <section>
      <h2>{decisionsHeading}</h2>
      <ul>
        <li>{decisions.label}</li>
        <li>{decisions.uncertain(thresholds.uncertain)}</li>
        <li>{thresholds.unknown === undefined ? decisions.noUnknown : decisions.unknown}</li>
      </ul>
    </section>
  );
}

function Labels({ texts, labels }: { texts: Texts; labels: ModelResponse['labels'] }) {
  const card = texts.model;
  if (labels.length === 0) return <p>{card.noLabels}</p>;
  const sorted = labels.toSorted((a, b) => a.name.localeCompare(b.name, texts.language));
  return (
    <section>
      <h2>{card.labelsHeading(labels.length)}</h2>
      <p class="hint">{card.labelsHint}</p>
      <ul class="labels card">
        {sorted.map(({ id, name, description }) => (
          <li key={id} title={description}>
            {name}
          </li>
        ))}
      </ul>
    </section>
  );
}

import { ModelResponse } from '@app/contracts/classification';
import { DEFAULT_LANGUAGE } from '@app/contracts';
import { Texts } from '../texts';
import { Confusion } from './confusion';
import { Facts } from './facts';
import { Layout } from './layout';
import { Figures, measuredOn } from './model-figures';
import { ModelLabels } from './model-labels';
import { Reliability } from './reliability';

interface CardProps {
  readonly texts: Texts;
  readonly model: ModelResponse;
}

/** The model card (Mitchell et al. 2019, arXiv 1810.03993): what it knows, how good it is, when it does not know, what it is made of. */
export function ModelPage({ texts, model }: CardProps) {
  const isDescribed = model.thresholds !== undefined;
  return (
    <Layout texts={texts} title={texts.model.title(model.name)} current="model">
      <p class="kicker">{texts.model.heading}</p>
      <h1>{model.name}</h1>
      {model.description !== undefined && <p class="lead">{model.description}</p>}
      {!isDescribed && <p class="lead">{texts.model.noDescription}</p>}
      <ModelFacts texts={texts} model={model} />
      {isDescribed && <Contents texts={texts} labels={model.labels.length} />}
      <ModelLabels texts={texts} labels={model.labels} />
      {isDescribed && (
        <>
          <Quality texts={texts} model={model} />
          <Calibration texts={texts} model={model} />
          <Mistakes texts={texts} model={model} />
          <Decisions texts={texts} model={model} />
        </>
      )}
      <Limits texts={texts} />
      {isDescribed && <Origin texts={texts} origin={model.origin} />}
    </Layout>
  );
}

function ModelFacts({ texts, model }: CardProps) {
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

function Contents({ texts: { model }, labels }: { texts: Texts; labels: number }) {
  const sections = [
    ...(labels === 0 ? [] : [['labels', model.labelsHeading(labels)]]),
    ['quality', model.metricsHeading],
    ['calibration', model.calibrationHeading],
    ['confusion', model.confusionHeading],
    ['unknown', model.decisionsHeading],
    ['limits', model.limitsHeading],
    ['origin', model.originHeading],
  ];
  return (
    <nav class="contents" aria-labelledby="contents">
      <h2 id="contents">{model.contents}</h2>
      <ul>
        {sections.map(([id, heading]) => (
          <li key={id}>
            <a href={`#${id}`}>{heading}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Quality({ texts, model: { metrics } }: CardProps) {
  const card = texts.model;
  const measured = measuredOn(metrics);
  return (
    <section aria-labelledby="quality">
      <h2 id="quality">{card.metricsHeading}</h2>
      <p>
        {metrics === undefined ? card.noMetrics : card.metricsLead}
        {measured !== undefined && ` ${card.measuredOn[measured]}`}
      </p>
      <Figures texts={texts} metrics={metrics} part="quality" />
    </section>
  );
}

function Calibration({ texts, model: { metrics, evaluation } }: CardProps) {
  const card = texts.model;
  const bins = evaluation?.reliability ?? [];
  return (
    <section aria-labelledby="calibration">
      <h2 id="calibration">{card.calibrationHeading}</h2>
      <p>{card.calibrationLead}</p>
      <Figures texts={texts} metrics={metrics} part="certainty" />
      {bins.length > 0 ? <Reliability texts={texts} bins={bins} /> : <p class="note-quiet">{card.noReliability}</p>}
    </section>
  );
}

function Mistakes({ texts, model: { labels, evaluation } }: CardProps) {
  const card = texts.model;
  return (
    <section aria-labelledby="confusion">
      <h2 id="confusion">{card.confusionHeading}</h2>
      {evaluation === undefined ? (
        <p class="note-quiet">{card.noConfusion}</p>
      ) : (
        <>
          <p>{card.measuredOn[evaluation.measuredOn]}</p>
          <Confusion texts={texts} labels={labels} evaluation={evaluation} />
        </>
      )}
    </section>
  );
}

function Decisions({ texts, model: { metrics, thresholds } }: CardProps) {
  const { decisionsHeading, decisions } = texts.model;
  if (thresholds === undefined) return null;
  return (
    <section aria-labelledby="unknown">
      <h2 id="unknown">{decisionsHeading}</h2>
      <ul>
        <li>{decisions.label}</li>
        <li>{decisions.uncertain(thresholds.uncertain)}</li>
        <li>{thresholds.unknown === undefined ? decisions.noUnknown : decisions.unknown}</li>
      </ul>
      <Figures texts={texts} metrics={metrics} part="decision" />
    </section>
  );
}

function Limits({ texts: { model } }: { texts: Texts }) {
  return (
    <section aria-labelledby="limits">
      <h2 id="limits">{model.limitsHeading}</h2>
      <ul>
        {model.limits.map((limit) => (
          <li key={limit}>{limit}</li>
        ))}
      </ul>
    </section>
  );
}

/** Packages say this in English. */
function Origin({ texts, origin }: { texts: Texts; origin: ModelResponse['origin'] }) {
  const { originHeading, origin: names, noOrigin, noLicense, number } = texts.model;
  const said = (text: string | undefined) =>
    text && <span lang={texts.language === DEFAULT_LANGUAGE ? undefined : DEFAULT_LANGUAGE}>{text}</span>;
  return (
    <section aria-labelledby="origin">
      <h2 id="origin">{originHeading}</h2>
      {origin === undefined ? (
        <p class="note-quiet">{noOrigin}</p>
      ) : (
        <Facts
          kind="card"
          facts={[
            [names.data, said(origin.data)],
            [names.source, said(origin.source)],
            [names.terms, said(origin.terms)],
            [names.trainingImages, origin.trainingImages && number(origin.trainingImages)],
            [names.validationImages, origin.validationImages && number(origin.validationImages)],
            [names.madeBy, said(origin.madeBy)],
            [names.network, said(origin.network)],
            [names.recipe, said(origin.recipe)],
            [names.license, said(origin.license) ?? noLicense],
          ]}
        />
      )}
    </section>
  );
}

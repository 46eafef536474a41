import { IMAGE_FORMAT_NAMES } from '@app/contracts';
import { ClassificationResponse, HeatmapResponse, ImageResponse, LabelResponse } from '@app/contracts/classification';
import { Texts } from '../texts';
import { cellsOf, sawOnlyPart, whereItLooked } from '../where-it-looked';
import { Fact, Facts } from './facts';
import { FeedbackForm } from './feedback';

interface ResultProps {
  readonly texts: Texts;
  readonly classification: ClassificationResponse;
  /** All that the model knows, to choose from in feedback; empty when it does not tell. */
  readonly labels?: readonly LabelResponse[];
  /** 1 on a page of its own, 2 below the heading of several, 3 in the card that a script has made. */
  readonly headingLevel: 1 | 2 | 3;
}

/** The answer in words, what else it could be, and where it comes from. A page may hold several. */
export function Result({ texts, classification, labels = [], headingLevel }: ResultProps) {
  const { result } = texts;
  const { id, decision, predictions, model, timing, heatmap, image, feedback } = classification;
  const best = predictions[0];
  const Heading = `h${headingLevel}` as const;
  const { answer, certainty } = answerInWords(texts, classification);
  return (
    <article
      class={`result result-${decision}`}
      data-part="result"
      data-answer={answer}
      data-certainty={certainty}
      aria-labelledby={`result-heading-${id}`}
    >
      <p class="kicker">{result.kicker[decision]}</p>
      <Heading class="result-heading" id={`result-heading-${id}`} tabIndex={-1}>
        {resultHeading(texts, classification)}
      </Heading>
      {decision === 'label' && best?.description !== undefined && <p class="help">{best.description}</p>}
      {decision === 'uncertain' && <p class="help">{result.uncertainHelp}</p>}
      {decision === 'unknown' && (
        <p class="help">
          {result.unknownHelp} <a href="/model">{result.unknownLink}</a>.
        </p>
      )}

      <p class="guesses" id={`guesses-${id}`}>
        {decision === 'unknown' ? result.guessesUnknown : result.guesses}
      </p>
      <ol class="predictions" aria-labelledby={`guesses-${id}`}>
        {predictions.map(({ label, name, score }) => (
          <li key={label}>
            <span class="prediction-name">{name}</span> <span class="prediction-score">{result.percent(score)}</span>
            <svg class="bar" aria-hidden="true" width="100%" height="8">
              <rect class="bar-rest" width="100%" height="8" rx="4" />
              <rect class="bar-share" width={`${Math.max(1, score * 100).toFixed(1)}%`} height="8" rx="4" />
            </svg>
          </li>
        ))}
      </ol>

      {heatmap && <WhereItLooked texts={texts} heatmap={heatmap} image={image} />}
      <Details texts={texts} classification={classification} />
      <p class="source">
        {result.answeredBy(`${model.name} ${model.version}`, timing.totalMs)} <a href="/model">{result.modelCard}</a>
      </p>
      {feedback && <FeedbackForm texts={texts} classification={classification} offer={feedback} labels={labels} />}
    </article>
  );
}

/** The answer as one line. */
export function resultHeading({ result }: Texts, { decision, predictions, score }: ClassificationResponse): string {
  const name = predictions[0]?.name ?? '';
  return decision === 'unknown' ? result.unknown : result[decision](name, score);
}

/** The same for a table; a photo that shows nothing the model knows has no certainty. */
export function answerInWords(
  { result, uploadPage }: Texts,
  { decision, predictions, score }: ClassificationResponse,
): { answer: string; certainty: string } {
  const name = predictions[0]?.name ?? '';
  if (decision === 'unknown') return { answer: uploadPage.answer.unknown, certainty: '–' };
  return { answer: decision === 'label' ? name : uploadPage.answer.uncertain(name), certainty: result.percent(score) };
}

/** The map and its words, when they are asked for. The script lays the map over the photo; without it the map stands alone. */
function WhereItLooked({ texts, heatmap, image }: { texts: Texts; heatmap: HeatmapResponse; image: ImageResponse }) {
  const { result } = texts;
  const zones = whereItLooked(heatmap);
  return (
    <details class="looked" data-part="looked">
      <summary>{result.heatmapTitle}</summary>
      <p>
        {zones.length > 0 ? result.looked(zones) : result.lookedEverywhere} {sawOnlyPart(heatmap) && result.sawOnlyPart}
      </p>
      <HeatmapFigure alt={result.heatmapAlt} heatmap={heatmap} image={image} />
    </details>
  );
}

/** How dark a cell is that did not speak for the label at all. */
const SHADE = 0.62;

/** Shades the photo, the less a cell spoke for the label the more; what the model did not see is shaded most. */
function HeatmapFigure({ alt, heatmap, image }: { alt: string; heatmap: HeatmapResponse; image: ImageResponse }) {
  const { x, y, width, height } = heatmap.region;
  const [imageWidth, imageHeight] = [image.width, image.height];
  const seen = `M${x * imageWidth} ${y * imageHeight}h${width * imageWidth}v${height * imageHeight}h${-width * imageWidth}z`;
  return (
    <svg
      class="heatmap"
      data-part="heatmap"
      role="img"
      aria-label={alt}
      viewBox={`0 0 ${imageWidth} ${imageHeight}`}
      preserveAspectRatio="none"
      shape-rendering="crispEdges"
    >
      <path d={`M0 0H${imageWidth}V${imageHeight}H0z${seen}`} fill-rule="evenodd" fill-opacity={0.75} />
      {cellsOf(heatmap).map(({ left, top, right, bottom, value }, index) => (
        <rect
          key={index}
          x={left * imageWidth}
          y={top * imageHeight}
          width={(right - left) * imageWidth}
          height={(bottom - top) * imageHeight}
          fill-opacity={((1 - value) * SHADE).toFixed(3)}
        />
      ))}
    </svg>
  );
}

function Details({ texts, classification }: { texts: Texts; classification: ClassificationResponse }) {
  const { result, uploadPage } = texts;
  const { image, timing, model, id } = classification;
  const facts: readonly Fact[] = [
    [result.photo, result.photoValue(image.width, image.height, IMAGE_FORMAT_NAMES[image.format], image.bytes)],
    [result.decode, result.milliseconds(timing.decodeMs)],
    [result.queue, result.milliseconds(timing.queueMs)],
    [result.infer, result.milliseconds(timing.inferMs)],
    [result.total, result.milliseconds(timing.totalMs)],
    [result.variant, model.variant],
    [result.id, id],
  ];
  return (
    <details class="details">
      <summary>{result.details}</summary>
      <Facts facts={facts} />
      <p class="links">
        <a data-part="json" download={`classification-${id}.json`} href={jsonUrl(classification)}>
          {uploadPage.answer.json}
        </a>{' '}
        <button type="button" class="link-button" data-action="copy-json" hidden>
          {uploadPage.answer.copyJson}
        </button>
      </p>
    </details>
  );
}

/** The answer as the API gives it, within the link itself: no server has to keep it. Without the key to its feedback, which is the sender's alone. */
function jsonUrl({ feedback: _key, ...shared }: ClassificationResponse): string {
  return `data:application/json;charset=utf-8,${encodeURIComponent(JSON.stringify(shared, null, 2))}`;
}

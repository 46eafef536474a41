import { ProblemCode, PROBLEM_CATALOGUE, ProblemError } from '@app/contracts';
import { DeployedModel, TierReport } from '@app/contracts/classification';
import { DRIFT_CHECKS, DriftReport } from '@app/contracts/monitoring';
import { exampleOf } from '../../src/pages/problem-examples';
import { en } from '../../src/pages/texts/en';
import { check, DRIFT, MONITOR_SUMMARY, NOTHING_SEEN, QUIET, WAITING, WATCH } from './monitor-answers';
import {
  CLASSIFICATION,
  EVALUATED_MODEL,
  FEEDBACK,
  HEATMAP,
  LARGE_MODEL,
  MODEL,
  PagesApp,
  WasScript,
} from './pages-app';

// Every state of every page, as the server writes it.

export interface PageState {
  readonly name: string;
  /** What the business tier answers other than usual. */
  readonly was?: Partial<WasScript>;
  readonly path: string;
  /** Fields of a form that is sent, with a photo. */
  readonly form?: Readonly<Record<string, string>>;
  /** How many photos the form has. */
  readonly photos?: number;
}

/** Names and values that the model, the endpoint or the client brings; they are the same in all languages. */
export const DATA = [
  ...[
    'everyday-objects',
    '1.0.0',
    'AllTraffic',
    'goldfish',
    '금붕어',
    'orange',
    '오렌지',
    '갯민숭달팽이',
    'sea slug',
    'iPod',
    'images per second',
    'note',
    'A round fruit.',
    '둥근 과일입니다.',
    '3f2a9c01b7de',
    '1.jpg',
    '2.jpg',
    '3.jpg',
    '0b8f6c1e-5d3a-4c53-9a55-6f6f2f0f3d12',
    '0b8f6c1e-5d3a-4c53-9a55-6f6f2f0f3d13',
  ],
  ...['Names animals, things and places in photos.', CLASSIFICATION.id, 'top_k', 'image/*', 'multipart/form-data'],
  ...MONITOR_SUMMARY.labels.map(({ label }) => label),
];

const { token } = FEEDBACK;
const feedback = `/feedback/${CLASSIFICATION.id}`;
const answered = { ...CLASSIFICATION, feedback: FEEDBACK };
const everywhere = { ...HEATMAP, values: HEATMAP.values.map(() => 1), region: { x: 0, y: 0, width: 1, height: 1 } };

const results: PageState[] = [
  { name: 'a label', path: '/classify', form: { heatmap: 'true' }, was: { classification: answered } },
  {
    name: 'a label that is hardly sure, seen everywhere',
    path: '/classify',
    form: {},
    was: { classification: { ...answered, score: 0.004, heatmap: everywhere } },
  },
  {
    name: 'a label that is all but sure',
    path: '/classify',
    form: {},
    was: { classification: { ...answered, score: 1 } },
  },
  ...(['uncertain', 'unknown'] as const).map((decision) => ({
    name: decision,
    path: '/classify',
    form: {},
    was: { classification: { ...answered, decision } },
  })),
  { name: 'a label for the script', path: '/classify?part=result', form: {} },
  {
    name: 'several photos',
    path: '/classify',
    form: { heatmap: 'true' },
    photos: 3,
    was: { classification: answered },
  },
  {
    name: 'several photos, one of them refused',
    path: '/classify',
    form: {},
    photos: 3,
    was: { problemOf: (photo) => (photo.toString() === '2' ? exampleOf('image-undecodable') : undefined) },
  },
  {
    name: 'several photos that nothing is known of',
    path: '/classify',
    form: {},
    photos: 2,
    was: { classification: { ...answered, decision: 'unknown' } },
  },
  { name: 'a sample', path: '/samples/lemon', form: {} },
  { name: 'a sample refused', path: '/samples/lemon', form: {}, was: { problem: exampleOf('overloaded') } },
];

const feedbacks: PageState[] = [
  { name: 'thanks', path: feedback, form: { token, right: 'true' } },
  { name: 'thanks for a photo', path: feedback, form: { token, right: 'true', consent: 'true' } },
  { name: 'withdrawn', path: `${feedback}/withdraw`, form: { token } },
  { name: 'feedback that says nothing', path: feedback, form: { token } },
];

const codes = Object.keys(PROBLEM_CATALOGUE) as ProblemCode[]; // the keys of a constant
const problems: PageState[] = codes.flatMap((code) => [
  { name: `a photo refused: ${code}`, path: '/classify', form: {}, was: { problem: exampleOf(code) } },
  {
    name: `feedback refused: ${code}`,
    path: feedback,
    form: { token, right: 'true' },
    was: { problem: exampleOf(code) },
  },
  { name: `a page that cannot be shown: ${code}`, path: '/model', was: { problem: exampleOf(code) } },
  { name: `the kind of problem: ${code}`, path: `/problems/${code}` },
]);

const models: PageState[] = [
  { name: 'the model', path: '/model' },
  { name: 'a model of the pipeline', path: '/model', was: { model: EVALUATED_MODEL } },
  { name: 'a model without mistakes', path: '/model', was: { model: withoutMistakes(EVALUATED_MODEL) } },
  { name: 'a model with many labels', path: '/model', was: { model: LARGE_MODEL } },
  { name: 'a model that does not describe itself', path: '/model', was: { model: { model: MODEL.model } } },
  {
    name: 'a model without a test for what it does not know',
    path: '/model',
    was: {
      model: {
        ...MODEL,
        ...(MODEL.description && {
          description: {
            ...MODEL.description,
            input: { size: 64, resize: 'stretch' },
            thresholds: { uncertain: 0.5 },
            metrics: Object.fromEntries(Object.keys(en.model.metrics).map((name) => [name, 0.5])),
          },
        }),
      },
    },
  },
];

const drifts: (readonly [string, DriftReport])[] = [
  ['quiet', QUIET],
  ['watch', WATCH],
  ['drift', DRIFT],
  ['waiting', WAITING],
  ['nothing to compare with', { ...WAITING, baseline: 'none' }],
  ...DRIFT_CHECKS.flatMap((name) =>
    (['more', 'less', undefined] as const).flatMap((direction) =>
      (['drift', 'watch'] as const).map((state): readonly [string, DriftReport] => {
        const changed = check({ name, state, score: 0.4, ...(direction === undefined ? {} : { direction }) });
        const since = QUIET.since === undefined ? 0 : QUIET.since - 24 * 3_600_000;
        return [
          `${state} of ${name}, ${direction ?? 'no direction'}`,
          { ...QUIET, state, since, baseline: 'first-images', checks: [changed] },
        ];
      }),
    ),
  ),
];

const tiers: readonly TierReport[] = [
  { name: 'was', status: 'ok', version: '1.0.0', build: '3f2a9c01b7de', latencyMs: 1500 },
  { name: 'model', status: 'unavailable', problem: exampleOf('model-missing').toDocument() },
  { name: 'monitor', status: 'unavailable', events: { waiting: 1200, dropped: 3 } },
];

const statuses: PageState[] = [
  ...drifts.map(([name, drift]) => ({
    name: `the status: ${name}`,
    path: '/status?window=24h',
    was: { monitor: { summary: MONITOR_SUMMARY, drift } },
  })),
  { name: 'the status: nothing seen', path: '/status', was: { monitor: NOTHING_SEEN } },
  { name: 'the status: off', path: '/status', was: { monitor: new ProblemError('monitor-off', {}) } },
  { name: 'the status: tiers that are not well', path: '/status', was: { tiers } },
  { name: 'the status: starting', path: '/status', was: { tiers: [{ name: 'model', status: 'starting' }] } },
  { name: 'the status: no business tier', path: '/status', was: { problem: exampleOf('overloaded') } },
];

/** A classifier that was right each time. */
function withoutMistakes(model: DeployedModel): DeployedModel {
  const { description } = model;
  if (description?.evaluation === undefined) return model;
  const { confusion, ...evaluation } = description.evaluation;
  return { ...model, description: { ...description, evaluation: { ...evaluation, confusedPairs: [] } } };
}

export const EVERY_PAGE: readonly PageState[] = [
  { name: 'the start', path: '/' },
  { name: 'the start without a model', path: '/', was: { problem: exampleOf('model-missing') } },
  ...results,
  ...feedbacks,
  ...problems,
  ...models,
  ...statuses,
  { name: 'the documentation', path: '/docs' },
  { name: 'nothing', path: '/nothing-here' },
];

export function stateNamed(name: string): PageState {
  const state = EVERY_PAGE.find((each) => each.name === name);
  if (state === undefined) throw new Error(`there is no state "${name}"`);
  return state;
}

/** Lets the business tier answer as it does in this state. */
export function showState({ was }: PagesApp, state: PageState): void {
  Object.assign(was, new WasScript(), { problem: undefined }, state.was);
}

/** The page in this state, as a browser with these headers gets it. */
export async function pageIn(
  app: PagesApp,
  state: PageState,
  headers: Readonly<Record<string, string>>,
): Promise<string> {
  showState(app, state);
  const form = new FormData();
  for (const [name, value] of Object.entries(state.form ?? {})) form.append(name, value);
  for (let index = 1; index <= (state.photos ?? 1); index++)
    form.append('image', new Blob([`${index}`]), `${index}.jpg`);
  const response = await fetch(`${app.url}${state.path}`, {
    headers: { accept: 'text/html', ...headers },
    ...(state.form === undefined ? {} : { method: 'POST', body: form }),
  });
  return await response.text();
}

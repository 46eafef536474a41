/** Whether answers to one photo agree with each other, and with what the service says of its model. Asks nobody. */
import type { ModelFacts, PhotoAnswer } from './read-answers';

/** The same photo on another machine of the endpoint: other instructions, other rounding. */
const SCORE_TOLERANCE = 0.01;

export interface Judgement {
  readonly faults: readonly string[];
  readonly notes: readonly string[];
}

export function judgeAnswers(answers: readonly PhotoAnswer[], model: ModelFacts): Judgement {
  const byModel = new Map<string, PhotoAnswer[]>();
  for (const answer of answers) {
    byModel.set(modelNameOf(answer), [...(byModel.get(modelNameOf(answer)) ?? []), answer]);
  }
  if (byModel.size > 1) {
    // Each is right for itself: the endpoint is moving from one version to the next.
    return {
      faults: agreement([...byModel.values()]),
      notes: [`Answers came from ${[...byModel.keys()].join(' and ')}: a model is being exchanged.`],
    };
  }
  const faults = agreement([...byModel.values()]);
  const [named = ''] = byModel.keys();
  const described = modelNameOf({ model });
  if (named !== described)
    faults.push(`Photos are answered by ${named}, and the service says that its model is ${described}.`);
  else faults.push(...labelFaults(answers, model));
  return { faults, notes: [] };
}

export function modelNameOf({ model }: { readonly model: Pick<ModelFacts, 'name' | 'version'> }): string {
  return `${model.name} ${model.version}`;
}

function agreement(groups: readonly (readonly PhotoAnswer[])[]): string[] {
  return groups.flatMap(([first, ...others]) => {
    const other = others.find((answer) => first !== undefined && !isSame(first, answer));
    if (first === undefined || other === undefined) return [];
    return [`The same photo is ${tell(first)} once and ${tell(other)} another time.`];
  });
}

function labelFaults(answers: readonly PhotoAnswer[], { labels }: ModelFacts): string[] {
  if (labels.length === 0) return [];
  const known = new Set(labels);
  const unknown = answers.flatMap(({ predictions }) => predictions).find(({ label }) => !known.has(label));
  if (unknown !== undefined) return [`The label ${unknown.label} is none of the model's.`];
  const lacking = answers
    .filter(({ predictions }) => predictions.length === labels.length)
    .map(({ predictions }) => predictions.reduce((sum, { score }) => sum + score, 0))
    .find((sum) => sum < 1 - SCORE_TOLERANCE);
  return lacking === undefined ? [] : [`The probabilities of all labels add up to ${lacking.toFixed(3)}, not to 1.`];
}

function isSame(one: PhotoAnswer, other: PhotoAnswer): boolean {
  return (
    one.predictions[0]?.label === other.predictions[0]?.label && Math.abs(one.score - other.score) <= SCORE_TOLERANCE
  );
}

function tell({ predictions: [best], score }: PhotoAnswer): string {
  return `${best?.label ?? 'nothing'} (${score.toFixed(3)})`;
}

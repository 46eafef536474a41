// What goes and what stays, as a person reads it before they decide. Pure.
import { count } from '../../../apps/pipeline/src/output/figures';
import { PlanLine } from '../deploy/plan-lines';
import { typeInWords } from '../stacks/words';
import type { DataFate } from './data-fate';
import { KeptResource } from './kept-resources';
import type { StackContents } from './stack-contents';

export function destructionLines(
  stacks: readonly StackContents[],
  kept: readonly KeptResource[],
  fate: DataFate,
): PlanLine[] {
  const width = Math.max(0, ...stacks.map(({ area }) => area.length));
  const going = stacks.map(({ area, resources, kept: stays }) => ({
    text: `  ${area.padEnd(width)}  ${count(resources.length - stays.length, 'resource')}`,
  }));
  return [
    { text: '' },
    ...(going.length === 0 ? [] : [{ text: 'What goes', colour: 'bold' as const }, ...going]),
    { text: '  and, whatever made them: the endpoint with its models, task definitions, image records;' },
    { text: '  runs of the pipeline, builds, rollouts and training that are under way are stopped' },
    { text: '' },
    { text: headingOf(fate, kept.length), colour: fate.kind === 'keep' ? 'bold' : 'red' },
    ...kept.map(({ type, name, id }) => ({
      text: `  ${name} (${typeInWords(type)}) ${id}${fate.kind !== 'keep' && type === 'AWS::KMS::Key' ? ' stays until you delete it' : ''}`,
    })),
  ];
}

function headingOf(fate: DataFate, number: number): string {
  if (number === 0) return 'There is no data that outlives the stacks.';
  if (fate.kind === 'keep') return 'What stays: photos, models and feedback, and the key that they are encrypted with';
  if (fate.kind !== 'export') return 'DELETED WITH IT, FOR GOOD: photos, models, feedback';
  return `COPIED to ${fate.folder}, then DELETED FOR GOOD: photos, models, feedback`;
}

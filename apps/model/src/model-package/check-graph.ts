import { ModelManifest } from '@app/contracts/sagemaker';
import { GraphValue } from '@app/onnx';
import { ModelPackageError } from './model-package.error';
import { DEFAULT_INPUT_NAME, DEFAULT_OUTPUT_NAME } from './model-package';

export interface Graph {
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
}

/** Compares what ONNX Runtime says of the graph with what `model.json` says; throws a `ModelPackageError` that names `file`. */
export function checkGraph({ inputs, outputs }: Graph, manifest: ModelManifest, file: string): void {
  const refuse = (problem: string) => new ModelPackageError(`${file} does not fit its model.json: ${problem}.`);
  const { name = DEFAULT_INPUT_NAME, type = 'uint8', size } = manifest.input;

  const input = inputs.find((candidate) => candidate.name === name);
  if (input === undefined) throw refuse(`it has no input named "${name}", only ${namesOf(inputs)}`);
  if (inputs.length > 1)
    throw refuse(`it has ${inputs.length} inputs (${namesOf(inputs)}), and an image fills only one`);
  if (input.type !== type) throw refuse(`its input "${name}" is ${input.type}, not ${type}`);
  const expected = type === 'uint8' ? ['n', size, size, 3] : ['n', 3, size, size];
  if (!fits(input.dims, expected)) {
    throw refuse(`its input "${name}" has the shape ${shapeOf(input.dims)}, and ${shapeOf(expected)} is needed`);
  }

  const outputName = manifest.output?.name ?? DEFAULT_OUTPUT_NAME;
  const output = outputs.find((candidate) => candidate.name === outputName);
  if (output === undefined) throw refuse(`it has no output named "${outputName}", only ${namesOf(outputs)}`);
  if (output.type !== 'float32') throw refuse(`its output "${outputName}" is ${output.type}, not float32`);
}

/** Images are run one by one: the batch dimension is free or 1. Any other dimension is free or what is expected. */
function fits(dims: GraphValue['dims'], expected: GraphValue['dims']): boolean {
  const isFree = (dim: number | string | undefined) => typeof dim === 'string';
  return dims.length === 4 && dims.every((dim, axis) => isFree(dim) || dim === (axis === 0 ? 1 : expected[axis]));
}

function shapeOf(dims: GraphValue['dims']): string {
  return `[${dims.map((dim) => (dim === '' ? '?' : dim)).join(', ')}]`;
}

function namesOf(values: readonly GraphValue[]): string {
  return values.map(({ name }) => `"${name}"`).join(', ') || 'none';
}

import { readFile } from 'node:fs/promises';
import { decodeOnnx, OnnxDataType, OnnxGraph, OnnxNode, OnnxTensor } from './onnx-protobuf';

/** A linear layer `output = input x weights^T + bias`. */
export interface LinearHead {
  /** Name of the value that goes into it. */
  readonly input: string;
  readonly classes: number;
  readonly features: number;
  /** `[classes, features]`, a row per class. */
  readonly weights: Float32Array;
  /** `[classes]`; zeros where the layer has none, or none that is a constant. */
  readonly bias: Float32Array;
}

/** Finds the linear layer (Gemm, or MatMul with or without Add) that makes `outputName`; undefined when another operator makes it. */
export async function readLinearHead(modelPath: string, outputName: string): Promise<LinearHead | undefined> {
  const { graph } = await decodeOnnx(await readFile(modelPath));
  const node = graph.node.find(({ output }) => output.includes(outputName));
  if (node === undefined) return undefined;
  if (node.opType === 'Gemm') {
    const form = { transposed: isSet(node, 'transA'), rowsAreClasses: isSet(node, 'transB') };
    return headOf(graph, node, { ...form, factor: numberOf(node, 'alpha'), biasFactor: numberOf(node, 'beta') }, node);
  }
  const matMul = node.opType === 'Add' ? producersOf(graph, node).find(isMatMul) : node;
  if (matMul === undefined || !isMatMul(matMul)) return undefined;
  const plain = { transposed: false, rowsAreClasses: false, factor: 1, biasFactor: 1 };
  return headOf(graph, matMul, plain, node);
}

interface Form {
  readonly transposed: boolean;
  readonly rowsAreClasses: boolean;
  readonly factor: number;
  readonly biasFactor: number;
}

/** `adding`: the node that adds the bias, the same one for Gemm. */
function headOf(
  graph: OnnxGraph,
  { input: [input, weightName] }: OnnxNode,
  { transposed, rowsAreClasses, factor, biasFactor }: Form,
  adding: OnnxNode,
): LinearHead | undefined {
  const constant = (name: string | undefined) => graph.initializer.find((tensor) => tensor.name === name);
  const tensor = constant(weightName);
  const values = tensor === undefined ? undefined : floatsOf(tensor);
  if (input === undefined || transposed || tensor?.dims.length !== 2 || values === undefined) return undefined;
  const [rows = 0, columns = 0] = tensor.dims;
  if (values.length !== rows * columns) return undefined;
  const [classes, features] = rowsAreClasses ? [rows, columns] : [columns, rows];
  const weights = rowsAreClasses ? values : transpose(values, rows, columns);
  const bias = adding.input
    .map(constant)
    .flatMap((candidate) => (candidate?.dims.length === 1 ? [floatsOf(candidate)] : []))
    .find((candidate) => candidate?.length === classes);
  return {
    input,
    classes,
    features,
    weights: factor === 1 ? weights : weights.map((weight) => weight * factor),
    bias: bias?.map((value) => value * biasFactor) ?? new Float32Array(classes),
  };
}

function producersOf(graph: OnnxGraph, { input }: OnnxNode): OnnxNode[] {
  return graph.node.filter(({ output }) => output.some((name) => input.includes(name)));
}

function isMatMul({ opType }: OnnxNode): boolean {
  return opType === 'MatMul';
}

function isSet({ attribute }: OnnxNode, name: string): boolean {
  return (attribute.find((candidate) => candidate.name === name)?.i ?? 0) !== 0;
}

/** Gemm's `alpha` and `beta` are 1 where they are not given. */
function numberOf({ attribute }: OnnxNode, name: 'alpha' | 'beta'): number {
  return attribute.find((candidate) => candidate.name === name)?.f ?? 1;
}

/** Undefined for other types than float32, and for weights that are kept in another file. */
function floatsOf({ dataType, rawData, floatData }: OnnxTensor): Float32Array | undefined {
  if (dataType !== OnnxDataType.float32) return undefined;
  if (rawData === undefined) return floatData === undefined ? undefined : Float32Array.from(floatData);
  const aligned = new Uint8Array(rawData); // a Float32Array has to begin at a multiple of 4, the bytes in a file do not
  return new Float32Array(aligned.buffer, 0, Math.floor(aligned.byteLength / 4));
}

function transpose(values: Float32Array, rows: number, columns: number): Float32Array {
  return Float32Array.from(values, (_, index) => values[(index % rows) * columns + Math.floor(index / rows)] ?? 0);
}

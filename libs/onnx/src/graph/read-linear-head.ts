import { readFile } from 'node:fs/promises';
import { decodeOnnx, OnnxDataType, OnnxGraph, OnnxNode, OnnxTensor } from './onnx-protobuf';

/** A linear layer `output = input x weights^T + bias`, as far as class activation maps need it. */
export interface LinearHead {
  /** Name of the value that goes into it. */
  readonly input: string;
  readonly classes: number;
  readonly features: number;
  /** `[classes, features]`, a row per class. */
  readonly weights: Float32Array;
}

/** Finds the linear layer (Gemm, or MatMul with or without Add) that makes `outputName`; undefined when another operator makes it. */
export async function readLinearHead(modelPath: string, outputName: string): Promise<LinearHead | undefined> {
  const { graph } = await decodeOnnx(await readFile(modelPath));
  const node = graph.node.find(({ output }) => output.includes(outputName));
  if (node === undefined) return undefined;
  if (node.opType === 'Gemm') return headOf(graph, node, isSet(node, 'transA'), isSet(node, 'transB'), alphaOf(node));
  const matMul = node.opType === 'Add' ? producersOf(graph, node).find(isMatMul) : node;
  return matMul !== undefined && isMatMul(matMul) ? headOf(graph, matMul, false, false, 1) : undefined;
}

function headOf(
  graph: OnnxGraph,
  { input: [input, weightName] }: OnnxNode,
  inputIsTransposed: boolean,
  rowsAreClasses: boolean,
  factor: number,
): LinearHead | undefined {
  const tensor = graph.initializer.find(({ name }) => name === weightName);
  const values = tensor === undefined ? undefined : floatsOf(tensor);
  if (input === undefined || inputIsTransposed || tensor?.dims.length !== 2 || values === undefined) return undefined;
  const [rows = 0, columns = 0] = tensor.dims;
  if (values.length !== rows * columns) return undefined;
  const [classes, features] = rowsAreClasses ? [rows, columns] : [columns, rows];
  const weights = rowsAreClasses ? values : transpose(values, rows, columns);
  return { input, classes, features, weights: factor === 1 ? weights : weights.map((weight) => weight * factor) };
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

function alphaOf({ attribute }: OnnxNode): number {
  return attribute.find(({ name }) => name === 'alpha')?.f ?? 1;
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

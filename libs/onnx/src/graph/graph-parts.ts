// Small makers of the parts of a graph, so that code that writes graphs reads like the graph. They know no particular model.
import { OnnxAttribute, OnnxAttributeType, OnnxDataType, OnnxNode, OnnxTensor, OnnxValueInfo } from './onnx-protobuf';

export function graphNode(
  opType: string,
  input: readonly string[],
  output: string,
  attribute: readonly OnnxAttribute[] = [],
): OnnxNode {
  return { opType, input, output: [output], attribute };
}

export function intAttribute(name: string, i: number): OnnxAttribute {
  return { name, type: OnnxAttributeType.int, i };
}

export function intsAttribute(name: string, ints: readonly number[]): OnnxAttribute {
  return { name, type: OnnxAttributeType.ints, ints };
}

/** A float32 constant; `dims` of `[]` makes a scalar. */
export function floatTensor(name: string, dims: readonly number[], values: ArrayLike<number>): OnnxTensor {
  return { name, dims, dataType: OnnxDataType.float32, rawData: bytesOf(Float32Array.from(values)) };
}

/** An int64 constant of whole numbers below 2^53; `dims` of `[]` makes a scalar. */
export function intTensor(name: string, dims: readonly number[], values: ArrayLike<number>): OnnxTensor {
  const longs = BigInt64Array.from({ length: values.length }, (_, index) => BigInt(values[index] ?? 0));
  return { name, dims, dataType: OnnxDataType.int64, rawData: bytesOf(longs) };
}

/** An input or output; a dimension that is free has a name. */
export function graphValue(name: string, elemType: number, dims: readonly (number | string)[]): OnnxValueInfo {
  const dim = dims.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

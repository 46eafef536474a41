import type { Root, Type } from 'protobufjs';

/**
 * The part of ONNX's file format that this product reads and writes (github.com/onnx/onnx, onnx/onnx.proto). The schema is
 * written here so that nothing has to be downloaded; the package that understands it is loaded when it is first needed.
 */
export interface OnnxModel {
  readonly irVersion: number;
  readonly producerName: string;
  readonly graph: OnnxGraph;
  /** ONNX's own operators have the domain `''`, which files leave out. */
  readonly opsetImport: readonly { readonly domain?: string; readonly version: number }[];
}

export interface OnnxGraph {
  readonly name: string;
  readonly node: readonly OnnxNode[];
  /** Constants: weights and the like, by the name that nodes use. */
  readonly initializer: readonly OnnxTensor[];
  readonly input: readonly OnnxValueInfo[];
  readonly output: readonly OnnxValueInfo[];
}

export interface OnnxNode {
  readonly opType: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly OnnxAttribute[];
}

export interface OnnxAttribute {
  readonly name: string;
  readonly type: number;
  readonly f?: number;
  readonly i?: number;
  readonly ints?: readonly number[];
}

export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  /** Little-endian; writers fill either this or `floatData`. */
  readonly rawData?: Uint8Array;
  readonly floatData?: readonly number[];
  /** `location` (a file beside the model), `offset` and `length` in bytes, where `dataLocation` says that the values lie elsewhere. */
  readonly externalData?: readonly { readonly key: string; readonly value: string }[];
  readonly dataLocation?: number;
}

export interface OnnxValueInfo {
  readonly name: string;
  readonly type: { readonly tensorType: { readonly elemType: number; readonly shape: OnnxShape } };
}

export interface OnnxShape {
  readonly dim: readonly ({ readonly dimValue: number } | { readonly dimParam: string })[];
}

/** `TensorProto.DataType`. */
export const OnnxDataType = { float32: 1, uint8: 2, int64: 7 } as const;
/** `TensorProto.DataLocation`. */
export const OnnxDataLocation = { inFile: 0, external: 1 } as const;
/** `AttributeProto.AttributeType`. */
export const OnnxAttributeType = { float: 1, int: 2, ints: 7 } as const;

const field = (id: number, type: string) => ({ id, type });
const list = (id: number, type: string) => ({ id, type, rule: 'repeated' });
const message = (fields: Readonly<Record<string, { id: number; type: string }>>) => ({ fields });

/** Field numbers as in onnx.proto. */
const SCHEMA = {
  ModelProto: message({
    irVersion: field(1, 'int64'),
    producerName: field(2, 'string'),
    graph: field(7, 'GraphProto'),
    opsetImport: list(8, 'OperatorSetIdProto'),
  }),
  OperatorSetIdProto: message({ domain: field(1, 'string'), version: field(2, 'int64') }),
  GraphProto: message({
    node: list(1, 'NodeProto'),
    name: field(2, 'string'),
    initializer: list(5, 'TensorProto'),
    input: list(11, 'ValueInfoProto'),
    output: list(12, 'ValueInfoProto'),
  }),
  NodeProto: message({
    input: list(1, 'string'),
    output: list(2, 'string'),
    opType: field(4, 'string'),
    attribute: list(5, 'AttributeProto'),
  }),
  AttributeProto: message({
    name: field(1, 'string'),
    f: field(2, 'float'),
    i: field(3, 'int64'),
    ints: list(8, 'int64'),
    type: field(20, 'int32'),
  }),
  TensorProto: message({
    dims: list(1, 'int64'),
    dataType: field(2, 'int32'),
    floatData: list(4, 'float'),
    name: field(8, 'string'),
    rawData: field(9, 'bytes'),
    externalData: list(13, 'StringStringEntryProto'),
    dataLocation: field(14, 'int32'),
  }),
  StringStringEntryProto: message({ key: field(1, 'string'), value: field(2, 'string') }),
  ValueInfoProto: message({ name: field(1, 'string'), type: field(2, 'TypeProto') }),
  TypeProto: message({ tensorType: field(1, 'TensorTypeProto') }),
  TensorTypeProto: message({ elemType: field(1, 'int32'), shape: field(2, 'TensorShapeProto') }),
  TensorShapeProto: message({ dim: list(1, 'DimensionProto') }),
  DimensionProto: message({ dimValue: field(1, 'int64'), dimParam: field(2, 'string') }),
};

/** What can be added to a graph that exists. */
export type OnnxGraphPart = Pick<OnnxGraph, 'node' | 'initializer' | 'output'>;

let schema: Promise<Root> | undefined;

async function loadType(name: 'ModelProto' | 'GraphProto'): Promise<Type> {
  schema ??= import('protobufjs').then((protobuf) => protobuf.Root.fromJSON({ nested: SCHEMA }));
  return (await schema).lookupType(name);
}

/** Throws when the bytes are no protobuf message. What the schema does not name is left out: change files with `appendToGraph`. */
export async function decodeOnnx(bytes: Uint8Array): Promise<OnnxModel> {
  const type = await loadType('ModelProto');
  // The schema above and the interfaces say the same; `arrays` and `defaults` fill what the file leaves out.
  return type.toObject(type.decode(bytes), { longs: Number, arrays: true }) as OnnxModel;
}

export async function encodeOnnx(model: OnnxModel): Promise<Uint8Array> {
  const type = await loadType('ModelProto');
  return type.encode(type.fromObject(model)).finish();
}

export async function encodeGraphPart(part: OnnxGraphPart): Promise<Uint8Array> {
  const type = await loadType('GraphProto');
  return type.encode(type.fromObject(part)).finish();
}

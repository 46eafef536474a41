import { encodeGraphPart, OnnxGraphPart } from './onnx-protobuf';

/** Number of `graph` in ModelProto, and protobuf's wire type of messages. */
const GRAPH_FIELD = 7;
const LENGTH_DELIMITED = 2;

/**
 * Adds nodes, constants and outputs behind those that the model has. Nothing of the model is written anew: in protobuf's
 * encoding a later part of a message is merged into an earlier one, lists by appending, so the addition goes behind the bytes
 * of the graph and what this product's schema does not name survives. Throws when the bytes are no ONNX model.
 */
export async function appendToGraph(model: Uint8Array, addition: OnnxGraphPart): Promise<Uint8Array> {
  const { Reader, Writer } = await import('protobufjs');
  const reader = Reader.create(model);
  const writer = Writer.create();
  let graph: Uint8Array | undefined;
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const tag = reader.tag();
    const [number, wireType] = [tag >>> 3, tag & 7];
    if (number === GRAPH_FIELD && wireType === LENGTH_DELIMITED) {
      graph = graph === undefined ? reader.bytes() : Buffer.concat([graph, reader.bytes()]);
    } else {
      reader.skipType(wireType);
      writer.raw(model.subarray(start, reader.pos));
    }
  }
  if (graph === undefined) throw new RangeError('the model has no graph');
  const extended = Buffer.concat([graph, await encodeGraphPart(addition)]);
  return writer
    .uint32((GRAPH_FIELD << 3) | LENGTH_DELIMITED)
    .bytes(extended)
    .finish();
}

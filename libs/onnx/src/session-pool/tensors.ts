// Shapes that the pool and its worker threads exchange. They cross a thread boundary, so they are plain data.

/** An input or output of the graph. A dimension is a number, or a name (possibly empty) where it is free. */
export interface GraphValue {
  readonly name: string;
  /** ONNX Runtime's name, for example `uint8` or `float32`. */
  readonly type: string;
  readonly dims: readonly (number | string)[];
}

export type InputTensor =
  | { readonly type: 'uint8'; readonly dims: readonly number[]; readonly data: Uint8Array }
  | { readonly type: 'float32'; readonly dims: readonly number[]; readonly data: Float32Array };

export interface OutputTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

export interface GraphRun {
  /** By name of the graph's input. The data is moved to the worker: the arrays are empty afterwards. */
  readonly feeds: Readonly<Record<string, InputTensor>>;
  /** Names of the outputs that are wanted; the others are not computed where the graph allows it, and never fetched. */
  readonly outputs: readonly string[];
}

/** From worker to pool. A worker has one run at a time, so an answer needs no number. */
export type WorkerMessage =
  | { readonly kind: 'ready'; readonly inputs: readonly GraphValue[]; readonly outputs: readonly GraphValue[] }
  | { readonly kind: 'load-failed'; readonly message: string }
  | { readonly kind: 'done'; readonly outputs: Readonly<Record<string, OutputTensor>>; readonly runMs: number }
  | { readonly kind: 'run-failed'; readonly message: string };

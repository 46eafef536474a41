/** The model container's side of the wire: package, invocation and answer. Plain types; knows neither Nest nor HTTP. */
export * from './invocation-attributes';
export * from './model-answer';
export * from './model-evaluation';
export * from './model-manifest';

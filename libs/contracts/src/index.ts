/**
 * What crosses a wire between the parts, free of any framework: limits, media types, header names, problems.
 * Decorated request and response classes are behind `@app/contracts/classification`, the shapes of the
 * model container behind `@app/contracts/sagemaker`.
 */
export * from './headers';
export * from './limits';
export * from './localized-text';
export * from './media-types';
export * from './problems';

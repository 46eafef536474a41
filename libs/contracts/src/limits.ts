// Limits that more than one part has to know. Sizes are decimal: 15 MB is what a phone's file dialog calls 15 MB.

/** Largest image that is accepted, in bytes. Photos of current phones are 2-8 MB. */
export const MAX_IMAGE_BYTES = 15_000_000;

/** Largest image that is decoded, in pixels: 50 megapixels are about 150 MB as RGB. */
export const MAX_IMAGE_PIXELS = 50_000_000;

/** Images in one batch request. */
export const MAX_BATCH_IMAGES = 16;

export const DEFAULT_TOP_K = 5;

/** More predictions than this help nobody, and keep an answer under 20 KB. */
export const MAX_TOP_K = 100;

/** InvokeEndpoint's limit on the body: `BodyBlob.max` of the SageMaker Runtime service model. */
export const MAX_INVOCATION_BYTES = 6_291_456;

/** `X-Amzn-SageMaker-Custom-Attributes`: at most 1,024 characters of visible US-ASCII. */
export const MAX_CUSTOM_ATTRIBUTES_CHARACTERS = 1024;

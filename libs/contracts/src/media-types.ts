export const MediaType = {
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  problem: 'application/problem+json',
  html: 'text/html',
  multipart: 'multipart/form-data',
  /** SageMaker's own name for "an image of some format". */
  anyImage: 'application/x-image',
} as const;

/** The formats that are read, by the name that answers carry. */
export const IMAGE_FORMATS = ['jpeg', 'png', 'webp'] as const;
export type ImageFormat = (typeof IMAGE_FORMATS)[number];

export const IMAGE_MEDIA_TYPES: Readonly<Record<ImageFormat, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
};

/** How people call the formats. */
export const IMAGE_FORMAT_NAMES: Readonly<Record<ImageFormat, string>> = { jpeg: 'JPEG', png: 'PNG', webp: 'WebP' };

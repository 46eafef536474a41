// What can be told of an image without decoding it.
import { ImageFormat } from '@app/contracts';
import { readHeader } from './upright-image';

export interface InspectedImage {
  readonly format: ImageFormat;
  /** Of the upright image, in pixels. */
  readonly width: number;
  readonly height: number;
}

/**
 * Reads the header alone, so that what follows it may still turn out to be broken.
 * @throws ProblemError `image-empty`, `unsupported-image-format`, `image-undecodable`, `image-too-many-pixels`
 */
export async function inspectImage(bytes: Buffer): Promise<InspectedImage> {
  const { format, width, height } = await readHeader(bytes);
  return { format, width, height };
}

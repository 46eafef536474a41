// What the private tier does to an image before it sends it on: no more than the model can see, nothing but pixels.
import { IMAGE_MEDIA_TYPES, ImageFormat } from '@app/contracts';
import { asProblems, ImageHeader, planUpright, readHeader, uprightPixels } from './upright-image';

/** An image up to this size is sent as it is when it is clean: to decode it once, where the model is, is enough. */
const SMALL_BYTES = 64 * 1024;
const SMALL_SIDE_PIXELS = 512;

/** Shorter side to send to a model that has not told its size: more than nearly all classifiers look at. */
const UNKNOWN_MODEL_SIZE = 512;

export interface NormalisedImage {
  /** At most `MAX_INVOCATION_BYTES`. */
  readonly bytes: Buffer;
  /** Of `bytes`. */
  readonly mediaType: string;
  /** The format in which the image was sent. */
  readonly format: ImageFormat;
  /** Of the upright image as it was sent, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Whether `bytes` are others than those that were sent. */
  readonly changed: boolean;
}

/**
 * Leaves a small clean image alone, byte for byte. All others become a PNG of upright sRGB pixels without any metadata, whose
 * shorter side is at most `modelSize`: `decodeForModel` gives the very same pixels for it as for the original.
 * The longer side of an extreme strip (over 368 : 1 at 64 px, over 5.7 : 1 at 512 px) keeps its middle only, which holds the PNG under
 * the size limit; a model that crops sees no more anyway.
 * @throws ProblemError `image-empty`, `unsupported-image-format`, `image-undecodable`, `image-too-many-pixels`,
 *   `deadline-exceeded` when decoding takes too long
 */
export async function normaliseImage(
  bytes: Buffer,
  { modelSize }: { modelSize: number | undefined },
): Promise<NormalisedImage> {
  const header = await readHeader(bytes);
  const { format, width, height } = header;
  if (isSmallAndClean(bytes, header)) {
    return { bytes, mediaType: IMAGE_MEDIA_TYPES[format], format, width, height, changed: false };
  }
  const pixels = uprightPixels(bytes, header, planUpright(header, modelSize ?? UNKNOWN_MODEL_SIZE));
  const png = await asProblems(pixels.png({ compressionLevel: 1 }).toBuffer());
  return { bytes: png, mediaType: IMAGE_MEDIA_TYPES.png, format, width, height, changed: true };
}

function isSmallAndClean(bytes: Buffer, { width, height, isClean }: ImageHeader): boolean {
  return isClean && bytes.length <= SMALL_BYTES && Math.max(width, height) <= SMALL_SIDE_PIXELS;
}

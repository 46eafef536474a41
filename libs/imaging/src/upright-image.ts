// From the bytes of an image to upright 8-bit sRGB pixels of limited size: the step that serving and training share.
// Knows the size that a model wants, not what it does with it.
import { ImageFormat, MAX_IMAGE_PIXELS, MAX_INVOCATION_BYTES, ProblemError } from '@app/contracts';
import type { Sharp } from 'sharp';
import { readBareImage } from './bare-image';
import { sharp } from './configured-sharp';
import { sniffContentKind, sniffImageFormat } from './content-sniffer';

/** Seconds after which an image is given up: 50 megapixels take less than one. */
const TIMEOUT_SECONDS = 15;

/** No classifier in use looks at more; keeps every square within `MAX_UPRIGHT_PIXELS`. */
const MAX_SHORTER_SIDE = 1024;

/**
 * Pixels that are kept. A PNG takes at most 4 bytes for one, however badly it compresses: 3 and, in rows of a single
 * pixel, the filter byte. So it stays under `MAX_INVOCATION_BYTES`, with 4 % to spare for deflate and chunks.
 */
const MAX_UPRIGHT_PIXELS = Math.floor((MAX_INVOCATION_BYTES / 4) * 0.96);

/** What the header says; nothing has been decoded. */
export interface ImageHeader {
  readonly format: ImageFormat;
  /** Of the upright image. */
  readonly width: number;
  readonly height: number;
  /** Upright 8-bit sRGB or grey without transparency, and nothing in the file but pixels. */
  readonly isClean: boolean;
}

/** How large the pixels become: the upright image is scaled, then the middle of its longer side is kept. */
export interface UprightPlan {
  readonly scaledWidth: number;
  readonly scaledHeight: number;
  /** What is kept of the scaled image: all of it, unless it is extremely long. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Reads the header and refuses what will not be decoded.
 * @throws ProblemError `image-empty`, `unsupported-image-format`, `image-undecodable`, `image-too-many-pixels`
 */
export async function readHeader(bytes: Buffer): Promise<ImageHeader> {
  if (bytes.length === 0) throw new ProblemError('image-empty', {});
  const format = sniffImageFormat(bytes);
  if (format === undefined) {
    throw new ProblemError('unsupported-image-format', { detected: sniffContentKind(bytes) });
  }
  const bare = readBareImage(bytes, format);
  if (bare === undefined) return { format, ...(await asProblems(open(bytes).metadata())).autoOrient, isClean: false };
  const { width, height, isPlain } = bare;
  if (width * height > MAX_IMAGE_PIXELS) {
    throw new ProblemError('image-too-many-pixels', { limitPixels: MAX_IMAGE_PIXELS });
  }
  return { format, width, height, isClean: isPlain };
}

/**
 * Plans the smallest upright image that still has all a model of `modelSize` can see: the shorter side becomes `modelSize`,
 * nothing is enlarged. Planning again for the result changes nothing, so that an image may pass any number of times.
 */
export function planUpright({ width, height }: { width: number; height: number }, modelSize: number): UprightPlan {
  const shorter = Math.min(width, height);
  const scale = Math.min(1, Math.min(modelSize, MAX_SHORTER_SIDE) / shorter);
  const scaledWidth = Math.round(width * scale);
  const scaledHeight = Math.round(height * scale);
  const longest = Math.floor(MAX_UPRIGHT_PIXELS / Math.min(scaledWidth, scaledHeight));
  const keptWidth = Math.min(scaledWidth, longest);
  const keptHeight = Math.min(scaledHeight, longest);
  return {
    scaledWidth,
    scaledHeight,
    left: Math.floor((scaledWidth - keptWidth) / 2),
    top: Math.floor((scaledHeight - keptHeight) / 2),
    width: keptWidth,
    height: keptHeight,
  };
}

/**
 * The pipeline that gives the planned pixels as 8-bit sRGB, three channels: turned as EXIF says, colour profiles, CMYK, 16 bits
 * and grey converted, transparency laid on white, no metadata. Its output is to be read through `asProblems`.
 */
export function uprightPixels(bytes: Buffer, header: ImageHeader, plan: UprightPlan): Sharp {
  const pipeline = open(bytes).autoOrient();
  // `resize` comes first, so that JPEG and WebP are decoded at a fraction of their size.
  if (plan.scaledWidth !== header.width || plan.scaledHeight !== header.height) {
    pipeline.resize(plan.scaledWidth, plan.scaledHeight, { fit: 'fill', kernel: 'lanczos3' });
  }
  if (plan.width !== plan.scaledWidth || plan.height !== plan.scaledHeight) pipeline.extract(plan);
  return pipeline.flatten({ background: '#ffffff' }).toColourspace('srgb').timeout({ seconds: TIMEOUT_SECONDS });
}

/** Turns what libvips says about an image into problems. */
export async function asProblems<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : '';
    if (message.includes('pixel limit')) {
      throw new ProblemError('image-too-many-pixels', { limitPixels: MAX_IMAGE_PIXELS }, { cause });
    }
    if (message.startsWith('timeout')) throw new ProblemError('deadline-exceeded', {}, { cause });
    throw new ProblemError('image-undecodable', {}, { cause });
  }
}

function open(bytes: Buffer): Sharp {
  return sharp(bytes, { limitInputPixels: MAX_IMAGE_PIXELS, failOn: 'warning' });
}

// What is kept of a photo so that a later model can learn from it: more than today's model sees, nothing but pixels.
import { asProblems, readHeader, uprightPixels } from './upright-image';

/** More than classifiers look at, and a fraction of what a phone sends. */
const LONGEST_SIDE_PIXELS = 1600;

/** Traces of compression stay below what resizing takes away anyway. */
const JPEG_QUALITY = 90;

/**
 * A JPEG of upright sRGB pixels without any metadata, its longer side at most 1600; nothing is enlarged.
 * @throws ProblemError `image-empty`, `unsupported-image-format`, `image-undecodable`, `image-too-many-pixels`,
 *   `deadline-exceeded` when decoding takes too long
 */
export async function photoForLearning(bytes: Buffer): Promise<Buffer> {
  const header = await readHeader(bytes);
  const scale = Math.min(1, LONGEST_SIDE_PIXELS / Math.max(header.width, header.height));
  const width = Math.max(1, Math.round(header.width * scale));
  const height = Math.max(1, Math.round(header.height * scale));
  const plan = { scaledWidth: width, scaledHeight: height, left: 0, top: 0, width, height };
  return await asProblems(uprightPixels(bytes, header, plan).jpeg({ quality: JPEG_QUALITY }).toBuffer());
}

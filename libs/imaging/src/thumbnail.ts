// Small pictures for people, for pages that stand alone.
import { IMAGE_MEDIA_TYPES } from '@app/contracts';
import { asProblems, readHeader, uprightPixels } from './upright-image';

export interface Thumbnail {
  readonly bytes: Buffer;
  readonly mediaType: string;
}

/**
 * The whole upright image, its longer side at most `side` pixels, without metadata: 2 to 9 KB at 128 px.
 * @throws ProblemError `image-empty`, `unsupported-image-format`, `image-undecodable`, `image-too-many-pixels`,
 *   `deadline-exceeded` when decoding takes too long
 */
export async function thumbnail(bytes: Buffer, side: number): Promise<Thumbnail> {
  const header = await readHeader(bytes);
  const scale = Math.min(1, side / Math.max(header.width, header.height));
  const width = Math.max(1, Math.round(header.width * scale));
  const height = Math.max(1, Math.round(header.height * scale));
  const plan = { scaledWidth: width, scaledHeight: height, left: 0, top: 0, width, height };
  const jpeg = uprightPixels(bytes, header, plan).jpeg({ quality: 80 }).toBuffer();
  return { bytes: await asProblems(jpeg), mediaType: IMAGE_MEDIA_TYPES.jpeg };
}

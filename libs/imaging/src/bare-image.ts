// Tells whether a file holds a complete image and nothing else: no EXIF, profile, comment, thumbnail or appended data.
// It knows what may be there and distrusts the rest, so no list of what can hide in an image file has to be complete.
import { ImageFormat } from '@app/contracts';

/** Whether the file is built of pixel data alone. Looks at its structure only; the pixels may still be broken. */
export function isBareImage(bytes: Buffer, format: ImageFormat): boolean {
  return { jpeg: isBareJpeg, png: isBarePng, webp: isBareWebp }[format](bytes);
}

/** Start of frame (baseline, extended, progressive), Huffman and quantisation tables, restart interval, scan (ITU-T T.81, B.1). */
const JPEG_PIXEL_SEGMENTS = new Set([0xc0, 0xc1, 0xc2, 0xc4, 0xdb, 0xdd, 0xda]);
const JPEG_SCAN = 0xda;
const JPEG_END = 0xd9;

function isBareJpeg(bytes: Buffer): boolean {
  let position = 2;
  while (position + 4 <= bytes.length && bytes[position] === 0xff) {
    const marker = bytes[position + 1] ?? 0;
    const length = bytes.readUInt16BE(position + 2);
    const isJfif =
      marker === 0xe0 && length === 16 && bytes.toString('latin1', position + 4, position + 9) === 'JFIF\0';
    if (!isJfif && !JPEG_PIXEL_SEGMENTS.has(marker)) return false;
    position += 2 + length;
    if (marker === JPEG_SCAN) position = endOfScan(bytes, position);
    if (bytes[position] === 0xff && bytes[position + 1] === JPEG_END) return position + 2 === bytes.length;
  }
  return false;
}

/** The next marker: within a scan 0xFF is followed by 0, or by a restart marker (0xD0 to 0xD7). */
function endOfScan(bytes: Buffer, start: number): number {
  let position = bytes.indexOf(0xff, start);
  while (position >= 0) {
    const next = bytes[position + 1] ?? 0;
    if (next !== 0 && (next < 0xd0 || next > 0xd7)) return position;
    position = bytes.indexOf(0xff, position + 1);
  }
  return bytes.length;
}

const PNG_PIXEL_CHUNKS = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND', 'sRGB', 'gAMA', 'cHRM', 'pHYs', 'sBIT']);

function isBarePng(bytes: Buffer): boolean {
  let position = 8;
  while (position + 12 <= bytes.length) {
    const type = bytes.toString('latin1', position + 4, position + 8);
    if (!PNG_PIXEL_CHUNKS.has(type)) return false;
    position += 12 + bytes.readUInt32BE(position);
    if (type === 'IEND') return position === bytes.length;
  }
  return false;
}

/** The simple file formats of WebP are one chunk of pixels; all else needs the extended one (RFC 9649, section 2.7). */
function isBareWebp(bytes: Buffer): boolean {
  if (bytes.length < 20) return false;
  const chunk = bytes.toString('latin1', 12, 16);
  const chunkBytes = bytes.readUInt32LE(16);
  const paddedBytes = chunkBytes + (chunkBytes % 2);
  return ['VP8 ', 'VP8L'].includes(chunk) && 20 + paddedBytes === bytes.length;
}

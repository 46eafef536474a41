// Reads the header of a file that holds a complete image and nothing else: no EXIF, profile, comment, thumbnail or appended
// data. It knows what may be there and distrusts the rest, so no list of what can hide in an image file has to be complete.
import { ImageFormat } from '@app/contracts';

/** What the header of a bare image says. */
export interface BareImage {
  readonly width: number;
  readonly height: number;
  /** 8 bits or less for a channel, grey, RGB or a palette, no transparency. */
  readonly isPlain: boolean;
}

/**
 * Gives nothing for a file that is not built of pixel data alone. Looks at its structure only; the pixels may still be
 * broken. To ask libvips instead costs a turn in another thread, several times what this does.
 */
export function readBareImage(bytes: Buffer, format: ImageFormat): BareImage | undefined {
  const image = { jpeg: readBareJpeg, png: readBarePng, webp: readBareWebp }[format](bytes);
  return image !== undefined && image.width > 0 && image.height > 0 ? image : undefined;
}

/** Start of frame (baseline, extended, progressive), Huffman and quantisation tables, restart interval, scan (ITU-T T.81, B.1). */
const JPEG_PIXEL_SEGMENTS = new Set([0xc0, 0xc1, 0xc2, 0xc4, 0xdb, 0xdd, 0xda]);
const JPEG_FRAMES = new Set([0xc0, 0xc1, 0xc2]);
const JPEG_SCAN = 0xda;
const JPEG_END = 0xd9;

function readBareJpeg(bytes: Buffer): BareImage | undefined {
  let position = 2;
  let image: BareImage | undefined;
  while (position + 4 <= bytes.length && bytes[position] === 0xff) {
    const marker = bytes[position + 1] ?? 0;
    const length = bytes.readUInt16BE(position + 2);
    const isJfif =
      marker === 0xe0 && length === 16 && bytes.toString('latin1', position + 4, position + 9) === 'JFIF\0';
    if (!isJfif && !JPEG_PIXEL_SEGMENTS.has(marker)) return undefined;
    if (JPEG_FRAMES.has(marker)) image = readFrame(bytes, position + 4);
    position += 2 + length;
    if (marker === JPEG_SCAN) position = endOfScan(bytes, position);
    if (bytes[position] === 0xff && bytes[position + 1] === JPEG_END) {
      return position + 2 === bytes.length ? image : undefined;
    }
  }
  return undefined;
}

/** A frame header: precision, height, width, number of components (ITU-T T.81, B.2.2). Four components are CMYK. */
function readFrame(bytes: Buffer, start: number): BareImage | undefined {
  if (start + 6 > bytes.length) return undefined;
  const isPlain = bytes[start] === 8 && (bytes[start + 5] === 1 || bytes[start + 5] === 3);
  return { height: bytes.readUInt16BE(start + 1), width: bytes.readUInt16BE(start + 3), isPlain };
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

/** Grey, RGB, palette; the other two colour types have an alpha channel. */
const PNG_OPAQUE_TYPES = new Set([0, 2, 3]);

function readBarePng(bytes: Buffer): BareImage | undefined {
  if (bytes.length < 33 || bytes.toString('latin1', 12, 16) !== 'IHDR') return undefined;
  const isPlain = (bytes[24] ?? 16) <= 8 && PNG_OPAQUE_TYPES.has(bytes[25] ?? 6);
  const image = { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20), isPlain };
  let position = 8;
  while (position + 12 <= bytes.length) {
    const type = bytes.toString('latin1', position + 4, position + 8);
    if (!PNG_PIXEL_CHUNKS.has(type)) return undefined;
    position += 12 + bytes.readUInt32BE(position);
    if (type === 'IEND') return position === bytes.length ? image : undefined;
  }
  return undefined;
}

/** The simple file formats of WebP are one chunk of pixels; all else needs the extended one (RFC 9649, section 2.7). */
function readBareWebp(bytes: Buffer): BareImage | undefined {
  if (bytes.length < 30) return undefined;
  const chunk = bytes.toString('latin1', 12, 16);
  const chunkBytes = bytes.readUInt32LE(16);
  if (20 + chunkBytes + (chunkBytes % 2) !== bytes.length) return undefined;
  if (chunk === 'VP8 ') return readVp8(bytes);
  return chunk === 'VP8L' ? readVp8Lossless(bytes) : undefined;
}

/** A key frame: three bytes of flags, a start code, 14 bits of width and of height (RFC 6386, section 9.1). */
function readVp8(bytes: Buffer): BareImage | undefined {
  if (bytes.readUIntBE(23, 3) !== 0x9d012a) return undefined;
  return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff, isPlain: true };
}

/** A signature, 14 bits of width and of height less one, one bit for alpha (RFC 9649, section 3.4). */
function readVp8Lossless(bytes: Buffer): BareImage | undefined {
  if (bytes[20] !== 0x2f) return undefined;
  const bits = bytes.readUInt32LE(21);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, isPlain: ((bits >>> 28) & 1) === 0 };
}

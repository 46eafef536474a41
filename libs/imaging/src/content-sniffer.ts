// What bytes are, by their first ones: names and content types that came along are only claims. Decodes nothing.
import { ImageFormat } from '@app/contracts';

/** The format of an image that can be read, by its magic bytes; nothing for anything else. */
export function sniffImageFormat(bytes: Uint8Array): ImageFormat | undefined {
  if (hasAt(bytes, 0, [0xff, 0xd8, 0xff])) return 'jpeg';
  if (hasAt(bytes, 0, '\x89PNG\r\n\x1a\n')) return 'png';
  if (hasAt(bytes, 0, 'RIFF') && hasAt(bytes, 8, 'WEBP')) return 'webp';
  return undefined;
}

/** Says in words what bytes that are no readable image seem to be, for example `a GIF image`; nothing when that is unclear. */
export function describeContent(bytes: Uint8Array): string | undefined {
  return (
    SIGNATURES.find(([offset, signature]) => hasAt(bytes, offset, signature))?.[2] ??
    (hasAt(bytes, 4, 'ftyp') ? describeMedia(bytes) : describeText(bytes))
  );
}

const TIFF = 'a TIFF or raw camera image';
const VIDEO = 'a video';
const HEIC = 'a HEIC photo (an iPhone saves JPEG with Settings > Camera > Formats > Most Compatible)';

/** Offset, bytes, and what begins like that. */
const SIGNATURES: readonly (readonly [number, string | readonly number[], string])[] = [
  [0, 'GIF8', 'a GIF image'],
  [0, 'BM', 'a BMP image'],
  [0, 'II*\0', TIFF],
  [0, 'MM\0*', TIFF],
  [0, '8BPS', 'a Photoshop document'],
  [0, [0, 0, 1, 0], 'an icon file'],
  [0, [0xff, 0x0a], 'a JPEG XL image'],
  [4, 'JXL ', 'a JPEG XL image'],
  [4, 'jP  ', 'a JPEG 2000 image'],
  [0, '%PDF', 'a PDF document'],
  [0, 'PK\x03\x04', 'a ZIP archive or an office document'],
  [0, [0x1f, 0x8b], 'a compressed archive'],
  [0, '7z\xbc\xaf', 'a compressed archive'],
  [0, 'Rar!', 'a compressed archive'],
  [0, [0x1a, 0x45, 0xdf, 0xa3], VIDEO],
  [8, 'AVI ', VIDEO],
  [8, 'WAVE', 'a sound recording'],
  [0, 'ID3', 'a sound recording'],
];

/** The kinds of ISO base media files (ISO/IEC 14496-12) differ by the brands in their first box. */
function describeMedia(bytes: Uint8Array): string {
  const brands = latin1(bytes, 8, 64);
  if (/avi[fs]/.test(brands)) return 'an AVIF image';
  return /hei[cxms]|hev[cxms]|mif1|msf1/.test(brands) ? HEIC : VIDEO;
}

function describeText(bytes: Uint8Array): string | undefined {
  const start = bytes.subarray(0, 1024);
  let text: string;
  try {
    // `stream` forgives a character that the cut has split.
    text = new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true });
  } catch {
    return undefined;
  }
  if (text.trim() === '' || /[^\P{Cc}\s]/u.test(text)) return undefined;
  if (/<svg[\s>]/i.test(text)) return 'an SVG drawing';
  return /<(!doctype html|html|head|body)[\s>]/i.test(text) ? 'a web page' : 'text';
}

function hasAt(bytes: Uint8Array, offset: number, signature: string | readonly number[]): boolean {
  const expected = typeof signature === 'string' ? Array.from(signature, (char) => char.charCodeAt(0)) : signature;
  return expected.every((byte, index) => bytes[offset + index] === byte);
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}

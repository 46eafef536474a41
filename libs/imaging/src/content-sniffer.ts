// What bytes are, by their first ones: names and content types that came along are only claims. Decodes nothing.
import { ContentKind, ImageFormat } from '@app/contracts';

/** The format of an image that can be read, by its magic bytes; nothing for anything else. */
export function sniffImageFormat(bytes: Uint8Array): ImageFormat | undefined {
  if (hasAt(bytes, 0, [0xff, 0xd8, 0xff])) return 'jpeg';
  if (hasAt(bytes, 0, '\x89PNG\r\n\x1a\n')) return 'png';
  if (hasAt(bytes, 0, 'RIFF') && hasAt(bytes, 8, 'WEBP')) return 'webp';
  return undefined;
}

/** What bytes that are no readable image seem to be; nothing when that is unclear. */
export function sniffContentKind(bytes: Uint8Array): ContentKind | undefined {
  return (
    SIGNATURES.find(([offset, signature]) => hasAt(bytes, offset, signature))?.[2] ??
    (hasAt(bytes, 4, 'ftyp') ? mediaKind(bytes) : textKind(bytes))
  );
}

/** Offset, bytes, and what begins like that. */
const SIGNATURES: readonly (readonly [number, string | readonly number[], ContentKind])[] = [
  [0, 'GIF8', 'gif'],
  [0, 'BM', 'bmp'],
  [0, 'II*\0', 'tiff'],
  [0, 'MM\0*', 'tiff'],
  [0, '8BPS', 'photoshop'],
  [0, [0, 0, 1, 0], 'icon'],
  [0, [0xff, 0x0a], 'jpeg-xl'],
  [4, 'JXL ', 'jpeg-xl'],
  [4, 'jP  ', 'jpeg-2000'],
  [0, '%PDF', 'pdf'],
  [0, 'PK\x03\x04', 'zip'],
  [0, [0x1f, 0x8b], 'archive'],
  [0, '7z\xbc\xaf', 'archive'],
  [0, 'Rar!', 'archive'],
  [0, [0x1a, 0x45, 0xdf, 0xa3], 'video'],
  [8, 'AVI ', 'video'],
  [8, 'WAVE', 'sound'],
  [0, 'ID3', 'sound'],
];

/** The kinds of ISO base media files (ISO/IEC 14496-12) differ by the brands in their first box. */
function mediaKind(bytes: Uint8Array): ContentKind {
  const brands = latin1(bytes, 8, 64);
  if (/avi[fs]/.test(brands)) return 'avif';
  return /hei[cxms]|hev[cxms]|mif1|msf1/.test(brands) ? 'heic' : 'video';
}

function textKind(bytes: Uint8Array): ContentKind | undefined {
  const start = bytes.subarray(0, 1024);
  let text: string;
  try {
    // `stream` forgives a character that the cut has split.
    text = new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true });
  } catch {
    return undefined;
  }
  if (text.trim() === '' || /[^\P{Cc}\s]/u.test(text)) return undefined;
  if (/<svg[\s>]/i.test(text)) return 'svg';
  return /<(!doctype html|html|head|body)[\s>]/i.test(text) ? 'web-page' : 'text';
}

function hasAt(bytes: Uint8Array, offset: number, signature: string | readonly number[]): boolean {
  const expected = typeof signature === 'string' ? Array.from(signature, (char) => char.charCodeAt(0)) : signature;
  return expected.every((byte, index) => bytes[offset + index] === byte);
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}

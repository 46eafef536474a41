// Images and broken files for tests, made in memory and always the same, so that tests need no files of anyone's.
// Knows sharp and file formats, nothing of the product.
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { constants, crc32, deflateRawSync } from 'node:zlib';
import sharp from 'sharp';

export interface PhotoOptions {
  readonly width?: number;
  readonly height?: number;
  readonly format?: 'jpeg' | 'png' | 'webp';
  /** Another seed is another picture. */
  readonly seed?: number;
}

/** Something like a photo: a sky, shapes with edges, and sensor noise. No metadata. 640 x 480 JPEG unless told otherwise. */
export async function photo(options: PhotoOptions = {}): Promise<Buffer> {
  const { width = 640, height = 480, format = 'jpeg', seed = 1 } = options;
  return fromPixels(photoPixels(width, height, seed), width, height)
    [format]()
    .toBuffer();
}

/** The pixels of `photo`: RGB, `height * width * 3` bytes. */
export function photoPixels(width: number, height: number, seed = 1): Buffer {
  const pixels = new Uint8ClampedArray(width * height * 3);
  const random = randomBytes(seed);
  const tint = [random() / 2, random() / 2, random() / 2] as const;
  const longer = Math.max(width, height);
  const discs = Array.from({ length: 6 }, () => ({
    x: (random() / 255) * width,
    y: (random() / 255) * height,
    radius: (0.05 + random() / 1500) * longer,
    color: [random(), random(), random()] as const,
  }));
  for (let y = 0, at = 0; y < height; y++) {
    const row = discs.filter((disc) => Math.abs(disc.y - y) < disc.radius);
    for (let x = 0; x < width; x++, at += 3) {
      const disc = row.find((one) => (one.x - x) ** 2 + (one.y - y) ** 2 < one.radius ** 2);
      const noise = (random() & 15) - 8;
      for (let channel = 0; channel < 3; channel++) {
        const sky = (tint[channel] ?? 0) + (120 * y) / height + ((channel - 1) * 40 * x) / width;
        pixels[at + channel] = (disc?.color[channel] ?? sky) + noise;
      }
    }
  }
  return Buffer.from(pixels.buffer);
}

/** As a phone saves it: 12 megapixels held upright, so stored lying with EXIF orientation 6; with a colour profile and its GPS position. */
export async function phonePhoto(seed = 1): Promise<Buffer> {
  const [width, height] = [4032, 3024];
  return fromPixels(photoPixels(width, height, seed), width, height)
    .jpeg({ quality: 90 })
    .withExif({
      IFD0: { Make: 'Phone' },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '37/1 33/1 59/1',
        GPSLongitudeRef: 'E',
        GPSLongitude: '126/1 58/1 41/1',
      },
    })
    .withMetadata({ orientation: 6 })
    .toBuffer();
}

/** The same upright picture, stored in one of EXIF's eight orientations. 160 x 96 px. */
export async function orientedPhoto(orientation: number, format: 'jpeg' | 'png' = 'jpeg'): Promise<Buffer> {
  const upright = { width: 160, height: 96 };
  const pixels = photoPixels(upright.width, upright.height, 5);
  const [width, height] = orientation < 5 ? [upright.width, upright.height] : [upright.height, upright.width];
  const stored = Buffer.alloc(pixels.length);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const [right, down] = [width - 1 - x, height - 1 - y];
      // EXIF 2.32, 4.6.5.1.7: which side of the picture the first stored row and column are.
      const [ux, uy] = (
        [
          [x, y],
          [right, y],
          [right, down],
          [x, down],
          [y, x],
          [down, x],
          [down, right],
          [y, right],
        ] as const
      )[orientation - 1] ?? [x, y];
      pixels.copy(stored, at, (uy * upright.width + ux) * 3, (uy * upright.width + ux) * 3 + 3);
    }
  }
  const image = fromPixels(stored, width, height);
  const exif = Buffer.from('MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0?\0\0\0\0\0\0', 'latin1');
  exif[exif.indexOf('?')] = orientation;
  if (format === 'png') {
    const png = await image.png().toBuffer();
    const afterHeader = 33;
    return Buffer.concat([png.subarray(0, afterHeader), pngChunk('eXIf', exif), png.subarray(afterHeader)]);
  }
  const jpeg = await image.jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer();
  const segment = Buffer.concat([Buffer.from('\xff\xe1\0?Exif\0\0', 'latin1'), exif]);
  segment.writeUInt16BE(segment.length - 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]);
}

/** For print: four inks instead of three colours. */
export async function cmykJpeg(options: PhotoOptions = {}): Promise<Buffer> {
  const { width = 320, height = 240, seed = 1 } = options;
  return fromPixels(photoPixels(width, height, seed), width, height)
    .toColourspace('cmyk')
    .jpeg()
    .toBuffer();
}

export async function png16Bit(options: PhotoOptions = {}): Promise<Buffer> {
  const { width = 320, height = 240, seed = 1 } = options;
  return fromPixels(photoPixels(width, height, seed), width, height)
    .toColourspace('rgb16')
    .png()
    .toBuffer();
}

export async function grey(options: PhotoOptions = {}): Promise<Buffer> {
  const { width = 320, height = 240, format = 'jpeg', seed = 1 } = options;
  return fromPixels(photoPixels(width, height, seed), width, height)
    .toColourspace('b-w')
    [format]()
    .toBuffer();
}

export async function palettePng(options: PhotoOptions = {}): Promise<Buffer> {
  const { width = 320, height = 240, seed = 1 } = options;
  return fromPixels(photoPixels(width, height, seed), width, height)
    .png({ palette: true, colours: 64 })
    .toBuffer();
}

/** Opaque at the left edge, invisible at the right one; what is invisible is black. */
export async function transparent(options: PhotoOptions = {}): Promise<Buffer> {
  const { width = 320, height = 240, format = 'png' } = options;
  const pixels = Buffer.alloc(width * height * 4);
  for (let at = 0; at < width * height; at++) {
    const opacity = 255 - Math.round(((at % width) * 255) / Math.max(1, width - 1));
    pixels[at * 4] = opacity > 127 ? 200 : 0;
    pixels[at * 4 + 3] = opacity;
  }
  return sharp(pixels, { raw: { width, height, channels: 4 } })
    [format === 'jpeg' ? 'png' : format]()
    .toBuffer();
}

/** A photo whose numbers mean Display P3 colours, as its profile says. */
export async function displayP3Photo(options: PhotoOptions = {}): Promise<Buffer> {
  const { width = 320, height = 240, format = 'jpeg', seed = 1 } = options;
  return fromPixels(photoPixels(width, height, seed), width, height)
    .withIccProfile('p3')
    [format]()
    .toBuffer();
}

export async function onePixel(format: 'jpeg' | 'png' | 'webp' = 'png'): Promise<Buffer> {
  return photo({ width: 1, height: 1, format });
}

/** The first part of a file, as an upload that broke off leaves it. */
export function truncated(bytes: Buffer, share = 0.6): Buffer {
  return bytes.subarray(0, Math.floor(bytes.length * share));
}

/** A file with bytes in its middle overwritten by garbage. */
export function garbled(bytes: Buffer, garbageBytes = 200): Buffer {
  const copy = Buffer.from(bytes);
  const random = randomBytes(99);
  const start = Math.floor((copy.length - garbageBytes) / 2);
  for (let at = Math.max(0, start); at < start + garbageBytes && at < copy.length; at++) copy[at] = random();
  return copy;
}

/** A PNG of under 1 MB that would be 900 million pixels: 30,000 x 30,000, all black. */
export function pixelBomb(side = 30_000): Buffer {
  const rowBytes = side + 1; // one for the row's filter
  const rowsAtOnce = side / 100;
  // Deflate blocks after a full flush stand alone, so that one compressed stripe may be repeated.
  const stripe = deflateRawSync(Buffer.alloc(rowBytes * rowsAtOnce), { finishFlush: constants.Z_FULL_FLUSH, level: 9 });
  const stripes = Array.from({ length: 100 }, () => stripe);
  const checksum = Buffer.alloc(4);
  // Adler-32 of n zeros: low half 1, high half n times 1 (RFC 1950).
  checksum.writeUInt32BE(((rowBytes * side) % 65_521) * 65_536 + 1);
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0]);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', Buffer.concat([Buffer.from([0x78, 0x01]), ...stripes, Buffer.from([0x03, 0x00]), checksum])),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A good JPEG made larger than `bytes` by comments that no decoder reads. */
export async function oversizedJpeg(bytes = 15_000_001): Promise<Buffer> {
  const image = await photo();
  const comment = Buffer.alloc(65_535 + 2, 'x');
  comment.writeUInt16BE(0xfffe, 0);
  comment.writeUInt16BE(65_535, 2);
  const comments = Array.from({ length: Math.ceil((bytes - image.length) / comment.length) }, () => comment);
  return Buffer.concat([image.subarray(0, 2), ...comments, image.subarray(2)]);
}

export const emptyFile = (): Buffer => Buffer.alloc(0);

export interface NamedFile {
  readonly name: string;
  /** What a browser would claim. */
  readonly mediaType: string;
  readonly bytes: Buffer;
  /** What the refusal says that it looks like. */
  readonly looksLike: RegExp;
}

/** Files that are no images, or images of formats that are not read. */
export async function unsupportedFiles(): Promise<readonly NamedFile[]> {
  const small = fromPixels(photoPixels(32, 24), 32, 24);
  return [
    { name: 'text.jpg', mediaType: 'image/jpeg', bytes: Buffer.from('This is no photo.\n'), looksLike: /text/ },
    { name: 'page.png', mediaType: 'image/png', bytes: Buffer.from('<!DOCTYPE html><p>Hello'), looksLike: /web page/ },
    { name: 'paper.pdf', mediaType: 'application/pdf', bytes: Buffer.from('%PDF-1.7\n%%EOF\n'), looksLike: /PDF/ },
    { name: 'dance.gif', mediaType: 'image/gif', bytes: await small.clone().gif().toBuffer(), looksLike: /GIF/ },
    { name: 'scan.tiff', mediaType: 'image/tiff', bytes: await small.clone().tiff().toBuffer(), looksLike: /TIFF/ },
    { name: 'new.avif', mediaType: 'image/avif', bytes: await small.clone().avif().toBuffer(), looksLike: /AVIF/ },
    { name: 'phone.heic', mediaType: 'image/heic', bytes: mediaHeader('heic', 'mif1'), looksLike: /HEIC/ },
    { name: 'clip.mp4', mediaType: 'video/mp4', bytes: mediaHeader('isom', 'mp41'), looksLike: /video/ },
    {
      name: 'paint.bmp',
      mediaType: 'image/bmp',
      bytes: Buffer.from('BM\x46\0\0\0\0\0\0\0', 'latin1'),
      looksLike: /BMP/,
    },
    {
      name: 'logo.svg',
      mediaType: 'image/svg+xml',
      bytes: Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      looksLike: /SVG/,
    },
    { name: 'photos.zip', mediaType: 'application/zip', bytes: Buffer.from('PK\x03\x04\x14\0'), looksLike: /ZIP/ },
    { name: 'random.jpg', mediaType: 'image/jpeg', bytes: garbled(Buffer.alloc(512), 512), looksLike: /not look like/ },
  ];
}

/** Files that begin like an image that is read, and end too soon. */
export async function truncatedFiles(): Promise<readonly Omit<NamedFile, 'looksLike'>[]> {
  const formats = ['jpeg', 'png', 'webp'] as const;
  return Promise.all(
    formats.map(async (format) => ({
      name: `truncated.${format}`,
      mediaType: `image/${format}`,
      bytes: truncated(await photo({ format })),
    })),
  );
}

export interface SharedPhotos {
  /** Photos of things that the shipped model knows, and of other things; the file name begins with the WordNet id. */
  readonly known: readonly string[];
  readonly other: readonly string[];
  /** 256 px photos of flowers. */
  readonly flowers: readonly string[];
}

/** Paths of real photos in `../shared/data`, beside the repository; empty lists where there is no such folder. */
export function sharedPhotos(): SharedPhotos {
  const data = resolve('..', 'shared', 'data');
  return {
    known: listFiles(join(data, 'photos', 'known')),
    other: listFiles(join(data, 'photos', 'other')),
    flowers: listFiles(join(data, 'flowers', 'test')),
  };
}

function listFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function fromPixels(pixels: Buffer, width: number, height: number): sharp.Sharp {
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** The first box of an ISO base media file (ISO/IEC 14496-12), with its brands, and nothing after it. */
function mediaHeader(...brands: readonly [string, ...string[]]): Buffer {
  const box = Buffer.from(`\0\0\0\0ftyp${brands[0]}\0\0\0\0${brands.join('')}`, 'latin1');
  box.writeUInt32BE(box.length, 0);
  return box;
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** Bytes that look random and are the same each time (xorshift32, Marsaglia 2003). */
function randomBytes(seed: number): () => number {
  let state = (seed * 2_654_435_761) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 255;
  };
}

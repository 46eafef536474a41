// Decodes a photo in the browser: how large it is, and a smaller JPEG where one is to be sent. An <img> and a canvas,
// because all browsers turn a photo upright with them, as its EXIF says.
import { LimitedQueue } from './limited-queue';
import { planShrink, Size } from './shrink-plan';

export interface DecodedPhoto {
  /** Upright, in pixels. */
  readonly size: Size;
  /** What can be sent in place of the file. */
  readonly smaller: { readonly size: Size; readonly blob: Blob } | undefined;
}

/** High enough that the model sees no difference. */
const JPEG_QUALITY = 0.9;

/** A photo of 50 megapixels takes 200 MB while it is decoded. */
const decoding = new LimitedQueue(2);

/** Undefined when the browser cannot show the file; the server says what it is. */
export function decodePhoto(file: Blob, maxSide: number): Promise<DecodedPhoto | undefined> {
  return decoding.run(() => decode(file, maxSide).catch(() => undefined));
}

async function decode(file: Blob, maxSide: number): Promise<DecodedPhoto | undefined> {
  const url = URL.createObjectURL(file);
  const picture = new Image();
  try {
    await load(picture, url);
    const size = { width: picture.naturalWidth, height: picture.naturalHeight };
    const target = planShrink({ type: file.type, bytes: file.size, ...size }, maxSide);
    if (size.width === 0) return undefined;
    if (target === undefined) return { size, smaller: undefined };
    const blob = await draw(picture, target);
    return { size, smaller: blob && { size: target, blob } };
  } finally {
    picture.removeAttribute('src'); // lets go of the pixels
    URL.revokeObjectURL(url);
  }
}

function load(picture: HTMLImageElement, url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    picture.addEventListener('load', () => resolve(), { once: true });
    picture.addEventListener('error', () => reject(new Error('the browser cannot show the file')), { once: true });
    picture.src = url;
  });
}

/** Undefined when the browser gives no JPEG. */
function draw(picture: HTMLImageElement, size: Size): Promise<Blob | undefined> {
  const canvas = drawOnCanvas(size, (context) => context.drawImage(picture, 0, 0, size.width, size.height));
  return new Promise((resolve) => {
    if (!canvas) {
      resolve(undefined);
      return;
    }
    canvas.toBlob(
      (blob) => {
        canvas.width = 0; // Safari keeps the pixels otherwise
        resolve(blob?.type === 'image/jpeg' ? blob : undefined);
      },
      'image/jpeg',
      JPEG_QUALITY,
    );
  });
}

/** On white, as the server lays pictures with transparent parts. */
export function drawOnCanvas(
  { width, height }: Size,
  paint: (context: CanvasRenderingContext2D) => void,
): HTMLCanvasElement | undefined {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) return undefined;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  paint(context);
  return canvas;
}

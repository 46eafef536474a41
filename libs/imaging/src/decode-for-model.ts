// The pixels that a model sees: the same for training, for serving, and for an image that was normalised on the way.
import { asProblems, planUpright, readHeader, UprightPlan, uprightPixels } from './upright-image';
import { sharp } from './configured-sharp';

/** What a model wants to see. */
export interface ModelView {
  /** Height and width of its square input, in pixels. */
  readonly size: number;
  /** `shorter-side-crop`: shorter side to `size`, then the centre square. `stretch`: both sides to `size`. */
  readonly resize: 'shorter-side-crop' | 'stretch';
}

export interface DecodedImage {
  /** RGB, `height * width * 3` bytes, row by row from the top left. */
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** The upright image as it came, in pixels. */
  readonly original: { readonly width: number; readonly height: number };
  /** The part of the upright image that the pixels show, as fractions of its width and height. */
  readonly region: Region;
}

interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Decodes an image to the model's input size. Small images are enlarged, with the centre cropped first.
 * @throws ProblemError `image-empty`, `unsupported-image-format`, `image-undecodable`, `image-too-many-pixels`,
 *   `deadline-exceeded` when decoding takes too long
 */
export async function decodeForModel(bytes: Buffer, { size, resize }: ModelView): Promise<DecodedImage> {
  const header = await readHeader(bytes);
  const plan = planUpright(header, size);
  const upright = await asProblems(uprightPixels(bytes, header, plan).raw().toBuffer());

  const seen = resize === 'stretch' ? { left: 0, top: 0, ...sizeOf(plan) } : centreSquare(plan);
  const pixels =
    seen.width === size && seen.height === size
      ? copyArea(upright, plan.width, seen)
      : await sharp(upright, { raw: { ...sizeOf(plan), channels: 3 } })
          .extract(seen)
          .resize(size, size, { fit: 'fill', kernel: 'lanczos3' })
          .raw()
          .toBuffer();
  const original = { width: header.width, height: header.height };
  return { pixels, width: size, height: size, original, region: regionOf(plan, seen) };
}

interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function sizeOf({ width, height }: UprightPlan): { width: number; height: number } {
  return { width, height };
}

function centreSquare({ width, height }: UprightPlan): Area {
  const side = Math.min(width, height);
  return { left: Math.floor((width - side) / 2), top: Math.floor((height - side) / 2), width: side, height: side };
}

/** Copies an area out of RGB rows; a second pass through libvips would cost more than all of it. */
function copyArea(pixels: Uint8Array, rowWidth: number, { left, top, width, height }: Area): Uint8Array {
  const area = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const start = ((top + row) * rowWidth + left) * 3;
    area.set(pixels.subarray(start, start + width * 3), row * width * 3);
  }
  return area;
}

function regionOf(plan: UprightPlan, seen: Area): Region {
  return {
    x: (plan.left + seen.left) / plan.scaledWidth,
    y: (plan.top + seen.top) / plan.scaledHeight,
    width: seen.width / plan.scaledWidth,
    height: seen.height / plan.scaledHeight,
  };
}

// Whether a photo is made smaller before it is sent, and to what size. Decoding is not done here.

export interface PhotoFacts {
  /** As the browser names it; may be empty. */
  readonly type: string;
  readonly bytes: number;
  /** Upright, in pixels. */
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A photo of few pixels may still be heavy. */
const HEAVY_BYTES = 4_000_000;

/** Size of the JPEG to send in its place; undefined when the file itself is to be sent. */
export function planShrink({ type, bytes, width, height }: PhotoFacts, maxSide: number): Size | undefined {
  const longer = Math.max(width, height);
  if (longer === 0) return undefined;
  if (longer <= maxSide && bytes <= HEAVY_BYTES && isSentAsItIs(type)) return undefined;
  const scale = Math.min(1, maxSide / longer);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** What the server reads. Others that the browser can show (HEIC in Safari, AVIF, GIF) are sent as JPEG. */
export function isSentAsItIs(type: string): boolean {
  return /^image\/(jpeg|png|webp)$/.test(type);
}

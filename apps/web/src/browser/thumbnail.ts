// A small picture of a photo, for what this browser remembers.
import { drawOnCanvas } from './shrink-photo';

/** Twice what is shown, for fine screens. */
const SIDE_PIXELS = 112;

/** The middle square as a JPEG data URL; empty when the picture cannot be drawn. */
export async function makeThumbnail(photo: Blob): Promise<string> {
  const url = URL.createObjectURL(photo);
  const picture = new Image();
  picture.src = url;
  try {
    await picture.decode();
    const scale = SIDE_PIXELS / Math.min(picture.naturalWidth, picture.naturalHeight);
    const [width, height] = [picture.naturalWidth * scale, picture.naturalHeight * scale];
    const canvas = drawOnCanvas({ width: SIDE_PIXELS, height: SIDE_PIXELS }, (context) =>
      context.drawImage(picture, (SIDE_PIXELS - width) / 2, (SIDE_PIXELS - height) / 2, width, height),
    );
    return canvas?.toDataURL('image/jpeg', 0.75) ?? '';
  } catch {
    return '';
  } finally {
    URL.revokeObjectURL(url);
  }
}

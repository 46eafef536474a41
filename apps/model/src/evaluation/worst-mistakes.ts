import { thumbnail } from '@app/imaging';
import { TestPrediction } from '@app/contracts/learning';
import { DatasetImage, Mistake } from '@app/learning';
import { readFile } from 'node:fs/promises';

/** As many as one looks through. */
const MOST_MISTAKES = 24;
const THUMBNAIL_SIDE = 128;

/** The wrong answers with the highest scores, highest first, with small pictures. `predictions` are of `images`, in their order. */
export async function worstMistakes(
  predictions: readonly TestPrediction[],
  images: readonly DatasetImage[],
): Promise<Mistake[]> {
  const wrong = predictions
    .map((prediction, row) => ({ ...prediction, file: images[row]?.file ?? '' }))
    .filter(({ label, predicted }) => label !== predicted)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST_MISTAKES);
  return Promise.all(
    wrong.map(async ({ file, path, label, predicted, score }) => {
      const { bytes, mediaType } = await thumbnail(await readFile(file), THUMBNAIL_SIDE);
      return { path, label, predicted, score, image: bytes, mediaType };
    }),
  );
}

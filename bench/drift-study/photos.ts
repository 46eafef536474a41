// The photos of the study, and how they are changed.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Alteration, blurred, cut, darkened, otherCamera } from '../../test/support/drift/altered-photos';
import { sharedPhotos } from '../../test/support/images';

export interface Photo {
  readonly file: string;
  readonly label: string;
}

/** Of the photos of flowers; all of them have this size. */
const SIDE_PIXELS = 256;
/** For changes whose photos are made of the usual ones. */
const ALTERED_PHOTOS = 300;
const FLOWERS = resolve('..', 'shared', 'data', 'flowers');

/** Throws where the photos are not at hand. */
export function flowerPhotos(): readonly Photo[] {
  if (!existsSync(FLOWERS)) throw new Error(`The study needs photos: folders of them in ${FLOWERS}/train and test.`);
  return ['train', 'test'].flatMap((part) =>
    readdirSync(join(FLOWERS, part)).flatMap((label) =>
      readdirSync(join(FLOWERS, part, label)).map((name) => ({ file: join(FLOWERS, part, label, name), label })),
    ),
  );
}

export const unchanged = (photos: readonly Photo[]) =>
  photos.map(
    ({ file }) =>
      () =>
        readFile(file),
  );

/** What a change in the pixels makes of usual photos. */
export function alterations(modelSize: number): Readonly<Record<string, Alteration>> {
  return {
    'darker: 70 % of the light': darkened(0.7),
    'darker: half of the light': darkened(0.5),
    'darker: a quarter of the light': darkened(0.25),
    'blurred, sigma 1': blurred(1, modelSize),
    'blurred, sigma 2': blurred(2, modelSize),
    'blurred, sigma 4': blurred(4, modelSize),
    'another camera': otherCamera(),
    'another camera, pictures as large': otherCamera(1),
  };
}

export const altered = (photos: readonly Photo[], alteration: Alteration) =>
  photos.slice(0, ALTERED_PHOTOS).map(
    ({ file }, seed) =>
      () =>
        alteration(readFileSync(file), seed),
  );

/** Animals, objects, food: as large as the flowers. */
export const photosOfOtherThings = () => {
  const { known, other } = sharedPhotos();
  return [...known, ...other].map((file) => () => cut(readFileSync(file), SIDE_PIXELS, SIDE_PIXELS));
};

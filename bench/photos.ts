// What is uploaded: two profiles, each a few files on the disk, so that every process reads the same ones.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { phonePhoto, photo, sharedPhotos } from '../test/support/images';

export interface Profile {
  readonly id: 'S' | 'P';
  readonly description: string;
  readonly files: readonly string[];
}

export interface Profiles {
  readonly small: Profile;
  readonly phone: Profile;
  readonly remove: () => void;
}

const SMALL_PHOTOS = 48;
const PHONE_PHOTOS = 3;

export async function makeProfiles(): Promise<Profiles> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-photos-'));
  const write = (name: string, bytes: Buffer): string => {
    const file = join(folder, name);
    writeFileSync(file, bytes);
    return file;
  };
  const { flowers } = sharedPhotos();
  const small =
    flowers.length > 0
      ? evenlyChosen(flowers, SMALL_PHOTOS)
      : await Promise.all(
          numbers(SMALL_PHOTOS).map(async (seed) =>
            write(`small-${seed}.jpg`, await photo({ width: 256, height: 256, seed })),
          ),
        );
  const phone: string[] = [];
  for (const seed of numbers(PHONE_PHOTOS)) phone.push(write(`phone-${seed}.jpg`, await phonePhoto(seed)));
  return {
    small: {
      id: 'S',
      description: `${small.length} ${flowers.length > 0 ? 'photos' : 'generated pictures'} of 256 px`,
      files: small,
    },
    phone: {
      id: 'P',
      description: `${phone.length} generated 12-megapixel phone photos with EXIF orientation 6, colour profile and GPS`,
      files: phone,
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function evenlyChosen(files: readonly string[], count: number): string[] {
  return numbers(count).flatMap((number) => files[Math.floor(((number - 1) * files.length) / count)] ?? []);
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

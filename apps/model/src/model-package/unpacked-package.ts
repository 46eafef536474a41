// From what a training job left behind to a folder with a package. Trusts no archive.
import { mkdir, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { extract, list, ReadEntry } from 'tar';
import { ModelPackageError } from './model-package.error';

/** SageMaker's name for what a training job made. */
export const ARCHIVE = 'model.tar.gz';
const ENTRY_TYPES: readonly string[] = ['File', 'OldFile', 'ContiguousFile', 'Directory'];

/**
 * The folder of the package in `input`: `place`, into which it is unpacked, where it is an archive, `input` itself where it is not.
 * Throws a `ModelPackageError` for an archive that is damaged, or holds links or paths that lead out of it.
 */
export async function unpackedPackage(input: string, place: string): Promise<string> {
  const archive = join(input, ARCHIVE);
  const isArchive = (await stat(archive).catch(() => undefined))?.isFile() ?? false;
  if (!isArchive) return input;
  await mkdir(place, { recursive: true });
  const refused: ReadEntry[] = [];
  try {
    await list({
      file: archive,
      strict: true,
      onReadEntry: (entry) => {
        if (!isHarmless(entry)) refused.push(entry);
      },
    });
    if (refused.length === 0) await extract({ file: archive, cwd: place, strict: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ModelPackageError(`${archive} cannot be unpacked (${reason}).`, { cause: error });
  }
  const [first] = refused;
  if (first === undefined) return place;
  throw new ModelPackageError(
    `${archive} is refused: its entry "${first.path}" ${isInside(first.path) ? `is a ${first.type}, not a file` : 'leads out of the package'}.`,
  );
}

/** Links are refused with the rest: what they lead to is not seen here. */
function isHarmless({ path, type }: ReadEntry): boolean {
  return isInside(path) && ENTRY_TYPES.includes(type);
}

function isInside(path: string): boolean {
  return !isAbsolute(path) && !path.split(/[/\\]/).includes('..');
}

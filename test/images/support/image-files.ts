// Files of an image, as they lie on this machine while it is mounted.
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Machine } from '../../../tools/images/platform';

/** Paths below a folder, of files alone. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

export function bytesOf(folder: string): number {
  return filesIn(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
}

/** Libraries and programs of whatever machine, by their names. */
export function binariesIn(folder: string): string[] {
  return filesIn(folder).filter((file) => /\.(node|dll|dylib|exe)$|\.so(\.[\d.]+)?$/.test(file));
}

/** Machine numbers of ELF, at byte 18 of a file. */
const ELF_MACHINES: Readonly<Record<string, number>> = { x64: 0x3e, arm64: 0xb7 };

/** Those that the machine cannot load. */
export function foreignTo({ cpu }: Machine, folder: string, binaries: readonly string[]): string[] {
  return binaries.filter((file) => {
    const head = headOf(join(folder, file));
    return head.toString('latin1', 0, 4) !== '\x7fELF' || head.readUInt16LE(18) !== ELF_MACHINES[cpu];
  });
}

function headOf(file: string): Buffer {
  const head = Buffer.alloc(20);
  const descriptor = openSync(file, 'r');
  readSync(descriptor, head);
  closeSync(descriptor);
  return head;
}

// Features of one backbone and one view, kept on disk by the content of the images. Knows neither.
//
// Every run that computes something appends to a file of its own, so that runs never write into each other's. A file is a header
// (`FEAT`, features per record, CRC-32 of both; 12 bytes) and records of equal length (SHA-256 of the image, float32 features, CRC-32 of
// both), numbers little-endian. What a killed run leaves is whole records and perhaps the beginning of one; a damaged record is told
// by its checksum and is as good as absent.
import { randomUUID } from 'node:crypto';
import { FileHandle, mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { isSystemError } from '../system-error';

const MAGIC = 'FEAT';
const HEADER_BYTES = 12;
const HASH_BYTES = 32;
const CHECKSUM_BYTES = 4;
/** Read at a time, about. */
const CHUNK_BYTES = 4 << 20;

export class FeatureCache {
  private file: FileHandle | undefined;
  private hasHeader = false;
  private lastWrite: Promise<void> = Promise.resolve();
  private damagedRecords = 0;
  private failure: string | undefined;

  /** The folder is made when there is something to keep. `newFile` names the file that this run appends to. */
  constructor(
    private readonly folder: string,
    private readonly newFile = `${randomUUID()}.features`,
  ) {}

  /** Records that were found damaged. */
  get damaged(): number {
    return this.damagedRecords;
  }

  /** Why the cache is out of use, if it is, in the operating system's words: a full disk costs time, not the run. */
  get fault(): string | undefined {
    return this.failure;
  }

  /** Hands out every record that is whole. The features are only lent: they change after the call. */
  async read(found: (sha256: string, features: Float32Array) => void): Promise<void> {
    try {
      const names = await readdir(this.folder);
      for (const name of names.filter((one) => one.endsWith('.features')).sort()) {
        const file = await open(join(this.folder, name), 'r');
        await this.readFile(file, found).finally(() => file.close());
      }
    } catch (error) {
      if (!isSystemError(error)) throw error;
      if (error.code !== 'ENOENT') this.failure = error.message;
    }
  }

  /** Keeps the features of an image; after the first write that fails, none. */
  append(sha256: string, features: Float32Array): Promise<void> {
    this.lastWrite = this.lastWrite.then(() => this.write(sha256, features));
    return this.lastWrite;
  }

  async close(): Promise<void> {
    await this.lastWrite;
    await this.file?.close();
    this.file = undefined;
  }

  private async readFile(file: FileHandle, found: (sha256: string, features: Float32Array) => void): Promise<void> {
    const header = Buffer.alloc(HEADER_BYTES);
    const { bytesRead } = await file.read(header, 0, HEADER_BYTES, 0);
    if (bytesRead < HEADER_BYTES) return; // a run was killed before it kept anything
    if (!header.equals(headerOf(header.readUInt32LE(MAGIC.length)))) {
      this.damagedRecords += 1;
      return;
    }
    const dimension = header.readUInt32LE(MAGIC.length);
    const recordBytes = HASH_BYTES + 4 * dimension + CHECKSUM_BYTES;
    // A buffer of its own: records are a multiple of 4 bytes, so that each one's features lie where a Float32Array may.
    const chunk = Buffer.from(new ArrayBuffer(recordBytes * Math.ceil(CHUNK_BYTES / recordBytes)));
    for (let position = HEADER_BYTES; ; position += chunk.length) {
      const bytes = await readFully(file, chunk, position);
      for (let at = 0; at + recordBytes <= bytes; at += recordBytes) {
        const end = at + recordBytes - CHECKSUM_BYTES;
        if (crc32(chunk.subarray(at, end)) === chunk.readUInt32LE(end)) {
          found(
            chunk.toString('hex', at, at + HASH_BYTES),
            new Float32Array(chunk.buffer, chunk.byteOffset + at + HASH_BYTES, dimension),
          );
        } else {
          this.damagedRecords += 1;
        }
      }
      if (bytes < chunk.length) return;
    }
  }

  private async write(sha256: string, features: Float32Array): Promise<void> {
    if (this.failure !== undefined) return; // what follows half a record could not be found again
    try {
      this.file ??= await this.create();
      if (!this.hasHeader) await this.file.appendFile(headerOf(features.length));
      this.hasHeader = true;
      await this.file.appendFile(recordOf(sha256, features));
    } catch (error) {
      if (!isSystemError(error)) throw error;
      this.failure = error.message;
    }
  }

  private async create(): Promise<FileHandle> {
    await mkdir(this.folder, { recursive: true });
    return open(join(this.folder, this.newFile), 'a');
  }
}

function headerOf(dimension: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(MAGIC, 'latin1');
  header.writeUInt32LE(dimension, MAGIC.length);
  return withChecksum(header);
}

function recordOf(sha256: string, features: Float32Array): Buffer {
  const record = Buffer.alloc(HASH_BYTES + features.byteLength + CHECKSUM_BYTES);
  record.write(sha256, 'hex');
  record.set(new Uint8Array(features.buffer, features.byteOffset, features.byteLength), HASH_BYTES);
  return withChecksum(record);
}

/** Fills in the last bytes. */
function withChecksum(bytes: Buffer): Buffer {
  const end = bytes.length - CHECKSUM_BYTES;
  bytes.writeUInt32LE(crc32(bytes.subarray(0, end)), end);
  return bytes;
}

/** Fills the buffer unless the file ends before. */
async function readFully(file: FileHandle, buffer: Buffer, position: number): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

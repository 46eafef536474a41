// A process that stores feedback in a folder and is killed right before the object with the given key is created.
// Arguments: folder, key, record as JSON, photo as text.
import { FeedbackRecord } from '@app/contracts/feedback';
import { FeedbackStore } from '../../src/feedback/feedback-store';
import { FolderObjectStore } from '../../src/feedback/folder-object-store';

const [folder = '', fatalKey = '', record = '', photo = ''] = process.argv.slice(2);

class DyingObjectStore extends FolderObjectStore {
  override async create(key: string, bytes: Buffer): Promise<boolean> {
    if (key === fatalKey) process.kill(process.pid, 'SIGKILL');
    return await super.create(key, bytes);
  }
}

void new FeedbackStore(new DyingObjectStore(folder)).add(
  JSON.parse(record) as FeedbackRecord, // the test wrote it
  Buffer.from(photo),
);

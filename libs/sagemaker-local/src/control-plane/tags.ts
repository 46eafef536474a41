/** Tags of resources. A file for each, so that who sets one never loses what somebody else sets at the same time. */
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { StateFolder } from '../state';
import { isObject, isText, optionalList } from './input-members';
import { OperationInput } from './operation';

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export class Tags {
  constructor(private readonly state: StateFolder) {}

  async add(arn: string, tags: readonly Tag[]): Promise<void> {
    for (const { Key, Value } of tags) await this.state.write({ Key, Value }, ...placeOf(arn, Key));
  }

  async remove(arn: string, keys: readonly string[]): Promise<void> {
    for (const key of keys) await rm(this.state.path(...placeOf(arn, key)), { force: true });
  }

  /** By key. */
  async list(arn: string): Promise<Tag[]> {
    const names = await this.state.list(...folderOf(arn));
    const tags = await Promise.all(names.map((name) => this.state.read<Tag>(...folderOf(arn), name)));
    return tags.filter((tag) => tag !== undefined).sort((a, b) => (a.Key < b.Key ? -1 : 1));
  }
}

/** The member `Tags`, which may be absent. */
export function tagsIn(input: OperationInput): readonly Tag[] {
  return optionalList(input, 'Tags', isTag) ?? [];
}

export function isTag(value: unknown): value is Tag {
  return isObject(value) && isText(value['Key']) && isText(value['Value']);
}

/** Keys and ARNs hold signs that no file name may have. */
function placeOf(arn: string, key: string): string[] {
  return [...folderOf(arn), `${nameOf(key)}.json`];
}

function folderOf(arn: string): string[] {
  return ['tags', nameOf(arn)];
}

function nameOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

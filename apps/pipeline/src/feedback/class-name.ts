// Names of classes, which are names of folders and parts of S3 keys.
import { OTHER_LABEL } from '@app/contracts/feedback';

export const MAX_CLASS_NAME_LENGTH = 80;

/** What is wrong with a name, as the end of a sentence; undefined when nothing is. */
export function classNameFault(name: string): string | undefined {
  if (name === '') return 'is empty: say what the photo shows';
  if (name === OTHER_LABEL) return 'is no class: say what the photo shows, or reject it';
  if (name.length > MAX_CLASS_NAME_LENGTH) return `is longer than ${MAX_CLASS_NAME_LENGTH} letters`;
  if (name.startsWith('.') || /[/\\:*?"<>|\p{Cc}]/u.test(name)) {
    return 'cannot be the name of a folder: it begins with a dot or holds one of / \\ : * ? " < > |';
  }
  return undefined;
}

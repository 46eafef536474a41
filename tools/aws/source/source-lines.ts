// The source as a person reads of it. Pure.
import { count } from '../../../apps/pipeline/src/output/figures';
import { Source } from './source-files';

/** `612 files, 31.4 MB, commit 3af6fce with changes` */
export function sourceInWords(source: Source): string {
  const bytes = source.files.reduce((sum, { content }) => sum + content.length, 0);
  const commit = source.commit === undefined ? [] : [commitInWords(source.commit)];
  return [count(source.files.length, 'file'), `${(bytes / 1e6).toFixed(1)} MB`, ...commit].join(', ');
}

export function commitInWords(commit: string): string {
  const [hash = '', dirty] = commit.split('-');
  return `commit ${hash.slice(0, 7)}${dirty === undefined ? '' : ' with changes'}`;
}

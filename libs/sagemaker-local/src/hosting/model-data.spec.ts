import { existsSync, linkSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { create } from 'tar';
import { LocalS3, StateFolder } from '../state';
import { ModelData } from './model-data';

const URI = 's3://local/a/model.tar.gz';

let state: StateFolder;
let data: ModelData;
let place: string;
let source: string;

beforeEach(() => {
  state = new StateFolder(mkdtempSync(join(tmpdir(), 'state-')));
  data = new ModelData(state);
  place = new LocalS3(state).pathOf(URI);
  mkdirSync(dirname(place), { recursive: true });
  source = mkdtempSync(join(tmpdir(), 'source-'));
  writeFileSync(join(source, 'model.json'), '{}');
  mkdirSync(join(source, 'code'));
  writeFileSync(join(source, 'code', 'inference.py'), '');
});

const pack = (...paths: string[]) => create({ file: place, cwd: source, gzip: true, preservePaths: true }, paths);

describe('model data', () => {
  it('is unpacked with its folders, once', async () => {
    await pack('model.json', 'code');
    const folders = await Promise.all([data.unpack(URI), data.unpack(URI), data.unpack(URI)]);

    expect(new Set(folders).size).toBe(1);
    expect(existsSync(join(folders[0], 'code', 'inference.py'))).toBe(true);
    writeFileSync(join(folders[0], 'seen'), '');
    expect(await data.unpack(URI)).toBe(folders[0]);
    expect(existsSync(join(folders[0], 'seen'))).toBe(true);
    expect(await state.list('unpacked')).toHaveLength(1);
  });

  it('is unpacked anew when the archive is another one', async () => {
    await pack('model.json');
    const before = await data.unpack(URI);
    writeFileSync(join(source, 'model.json'), '{"version":2}');
    await pack('model.json');
    const after = await data.unpack(URI);

    expect(readFileSync(join(before, 'model.json'), 'utf8')).toBe('{}');
    expect(readFileSync(join(after, 'model.json'), 'utf8')).toBe('{"version":2}');
  });

  it.each<[string, () => unknown, string, RegExp]>([
    [
      'that is not there',
      () => undefined,
      's3://local/b/model.tar.gz',
      /^Could not find model data at s3:\/\/local\/b/,
    ],
    ['that is no S3 URI', () => undefined, 'https://a/model.tar.gz', /"https:\/\/a\/model.tar.gz" is not an S3 URI/],
    ['that is a folder', () => mkdirSync(place), URI, /^Could not read model data at s3:\/\/local\/a/],
    ['that is no archive', () => writeFileSync(place, 'not an archive'), URI, /^Could not unpack model data at s3:/],
    ['with a path that leads out of it', () => pack('../escape'), URI, /^Could not unpack .*path contains '\.\.'/],
    ['with an absolute path', () => pack(join(source, 'model.json')), URI, /^Could not unpack .*absolute path/],
    ['with a symbolic link', () => pack('link'), URI, /link in it is neither a file nor a folder/],
    ['with a hard link', () => pack('code/inference.py', 'hard'), URI, /hard in it is neither a file nor a folder/],
  ])('%s is refused and leaves nothing', async (_, make, uri, message) => {
    symlinkSync('/etc/passwd', join(source, 'link'));
    linkSync(join(source, 'code', 'inference.py'), join(source, 'hard'));
    writeFileSync(join(dirname(source), 'escape'), '');
    await make();

    await expect(data.unpack(uri)).rejects.toMatchObject({
      name: 'ModelDataError',
      message: expect.stringMatching(message),
    });
    expect(await state.list('unpacked')).toEqual([]);
  });
});

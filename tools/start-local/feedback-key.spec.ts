import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FeedbackKeyError, feedbackKeyIn } from './feedback-key';

describe('the feedback key', () => {
  it('is made once, random, and for nobody else to read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'state-'));
    const stateDir = join(folder, 'new');

    const key = feedbackKeyIn(stateDir);

    expect(Buffer.from(key, 'base64')).toHaveLength(32);
    expect(feedbackKeyIn(stateDir)).toBe(key);
    expect(feedbackKeyIn(join(folder, 'other'))).not.toBe(key);
    expect(readdirSync(stateDir)).toEqual(['feedback-key']);
    expect(statSync(join(stateDir, 'feedback-key')).mode & 0o777).toBe(0o600);
  });

  it('is not replaced when it is damaged', () => {
    const stateDir = mkdtempSync(join(tmpdir(), 'state-'));
    writeFileSync(join(stateDir, 'feedback-key'), 'short\n');

    expect(() => feedbackKeyIn(stateDir)).toThrow(/feedback-key holds no key .* Remove it/);
    expect(readFileSync(join(stateDir, 'feedback-key'), 'utf8')).toBe('short\n');
  });

  it('cannot be kept where no folder can be', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'state-')), 'file');
    writeFileSync(file, '');

    expect(() => feedbackKeyIn(file)).toThrow(FeedbackKeyError);
    expect(() => feedbackKeyIn(file)).toThrow('Name a folder that can be written with --state.');
  });
});

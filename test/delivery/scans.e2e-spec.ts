// Scans of images take their time, fail, and find things.
import { ECRClient } from '@aws-sdk/client-ecr';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forbiddenFindings } from '../../tools/delivery/check-scans';
import { callsOf } from './support/recording-commands';
import { ScriptedAccount } from './support/scripted-account';

const IMAGE = { key: 'c'.repeat(40), repository: 'demo/web', digest: `sha256:${'a'.repeat(64)}`, uri: 'x' };

let account: ScriptedAccount;
let ecr: ECRClient;
let said: string[];

beforeEach(async () => {
  account = await ScriptedAccount.start(mkdtempSync(join(tmpdir(), 'record-')));
  ecr = new ECRClient(account.clientOptions);
  said = [];
});

afterEach(async () => {
  ecr.destroy();
  await account.stop();
  expect(account.shapeFaults).toEqual([]);
});

function look(allowed: readonly string[] = [], longestMs = 10_000): Promise<string[]> {
  return forbiddenFindings(ecr, IMAGE, new Set(allowed), (line) => said.push(line), { pollIntervalMs: 1, longestMs });
}

describe('the scan of an image', () => {
  it('is waited for, from before it begins until its end', async () => {
    account.scanStatuses = ['NOT_FOUND', 'PENDING', 'IN_PROGRESS', 'COMPLETE'];

    expect(await look()).toEqual([]);
    expect(callsOf(account.record)).toHaveLength(4);
  });

  it('forbids what is critical and not allowed, and nothing else', async () => {
    account.findings.set('demo/web', [
      { name: 'CVE-2', severity: 'CRITICAL' },
      { name: 'CVE-1', severity: 'CRITICAL' },
      { name: 'CVE-3', severity: 'HIGH' },
    ]);

    expect(await look()).toEqual(['CVE-1', 'CVE-2']);
    expect(await look(['CVE-2'])).toEqual(['CVE-1']);
    expect(await look(['*'])).toEqual([]);
    expect(said).toEqual(['demo/web: critical, and allowed: CVE-2', 'demo/web: critical, and allowed: CVE-1, CVE-2']);
  });

  it('that gives no result stops the build with the command that tries again, unless everything is allowed', async () => {
    account.scanStatuses = ['UNSUPPORTED_IMAGE'];

    await expect(look()).rejects.toThrow(
      /^demo\/web could not be looked through for known weaknesses: UNSUPPORTED_IMAGE\.\nTry again by hand: aws ecr start-image-scan --repository-name demo\/web /,
    );
    expect(await look(['*'])).toEqual([]);
  });

  it('that never begins is not waited for without end', async () => {
    account.scanStatuses = ['NOT_FOUND'];

    await expect(look([], 0)).rejects.toThrow('PENDING (no scan has begun)');
  });
});

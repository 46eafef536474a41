/** Waits until the registry has looked for known weaknesses in the images of a build, and refuses critical ones. */
import { ECRClient, ImageScanFindings, paginateDescribeImageScanFindings } from '@aws-sdk/client-ecr';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError } from '../../apps/pipeline/src/command.error';
import { errorName } from '../aws/aws-problems';
import type { BuiltImage } from './built-images';

export interface ScanPatience {
  readonly pollIntervalMs: number;
  readonly longestMs: number;
}

/** A scan takes seconds, or a minute or two when many images come at once. */
export const SCAN_PATIENCE: ScanPatience = { pollIntervalMs: 5000, longestMs: 10 * 60_000 };

/** Results are there: `ACTIVE` is what Amazon Inspector says of an image that it goes on watching. */
const DONE = ['COMPLETE', 'ACTIVE'];
const ON_ITS_WAY = ['IN_PROGRESS', 'PENDING'];

interface Scan {
  readonly status: string;
  readonly description: string;
  readonly criticals: readonly string[];
}

/**
 * Critical weaknesses of an image that are not allowed; those that are go to `say`.
 *
 * @throws {CommandError} when there is no result, unless everything is allowed.
 */
export async function forbiddenFindings(
  ecr: ECRClient,
  image: BuiltImage,
  allowed: ReadonlySet<string>,
  say: (line: string) => void,
  patience: ScanPatience = SCAN_PATIENCE,
): Promise<string[]> {
  const scan = await finishedScan(ecr, image, patience);
  const allowsAll = allowed.has('*');
  if (!DONE.includes(scan.status)) {
    if (!allowsAll) throw new CommandError(withoutResult(image, scan));
    say(`${image.repository}: not scanned (${scan.status}), which is allowed`);
    return [];
  }
  const known = scan.criticals.filter((name) => allowsAll || allowed.has(name));
  if (known.length > 0) say(`${image.repository}: critical, and allowed: ${known.join(', ')}`);
  return scan.criticals.filter((name) => !known.includes(name));
}

async function finishedScan(ecr: ECRClient, image: BuiltImage, patience: ScanPatience): Promise<Scan> {
  const until = Date.now() + patience.longestMs;
  for (;;) {
    const scan = await readScan(ecr, image);
    if (!ON_ITS_WAY.includes(scan.status) || Date.now() >= until) return scan;
    await sleep(patience.pollIntervalMs);
  }
}

async function readScan(ecr: ECRClient, { repository, digest }: BuiltImage): Promise<Scan> {
  const request = { repositoryName: repository, imageId: { imageDigest: digest } };
  const criticals = new Set<string>();
  let [status, description] = ['PENDING', 'no scan has begun'];
  try {
    for await (const page of paginateDescribeImageScanFindings({ client: ecr, pageSize: 1000 }, request)) {
      status = page.imageScanStatus?.status ?? status;
      description = page.imageScanStatus?.description ?? '';
      for (const name of criticalNames(page.imageScanFindings)) criticals.add(name);
    }
  } catch (error) {
    // Just after a push there may be nothing yet.
    if (errorName(error) !== 'ScanNotFoundException') throw error;
  }
  return { status, description, criticals: [...criticals].sort() };
}

/** Of the registry's own scan, and of Amazon Inspector's. */
function criticalNames({ findings = [], enhancedFindings = [] }: ImageScanFindings = {}): string[] {
  return [
    ...findings.filter(({ severity }) => severity === 'CRITICAL').map(({ name }) => name ?? 'a finding without a name'),
    ...enhancedFindings
      .filter(({ severity }) => severity === 'CRITICAL')
      .map(
        ({ packageVulnerabilityDetails, title }) =>
          packageVulnerabilityDetails?.vulnerabilityId ?? title ?? 'a finding without a name',
      ),
  ];
}

function withoutResult({ repository, digest }: BuiltImage, { status, description }: Scan): string {
  return (
    `${repository} could not be looked through for known weaknesses: ${status}${description === '' ? '' : ` (${description})`}.\n` +
    `Try again by hand: aws ecr start-image-scan --repository-name ${repository} --image-id imageDigest=${digest}\n` +
    'To build without looking, AllowedFindings: "*" in the stage\'s file, and npm run deploy.'
  );
}

/** What to do about weaknesses, by image. */
export function findingsMessage(findings: ReadonlyMap<BuiltImage, readonly string[]>): string {
  const lines = [...findings].map(([{ repository }, names]) => `  ${repository}: ${names.join(', ')}`);
  return (
    `Critical weaknesses, and nothing is rolled out:\n${lines.join('\n')}\n` +
    'A newer base image (NodeImage) or newer packages may not have them. One that does not matter here is allowed by its number: ' +
    "AllowedFindings in the stage's file, and npm run deploy."
  );
}

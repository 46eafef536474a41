// Extracts the features of a folder in a process of its own, which may be killed or run out of disk: `<photos> <backbone> <cache> [kill at]`.
// Prints a line of JSON when it gets that far.
import { extractFeatures, readDataset } from '@app/learning';

/** What the process prints. */
export interface ExtractReport {
  readonly cached: number;
  readonly warnings: readonly string[];
  readonly features: readonly number[];
}

async function main([photos = '', path = '', cacheFolder = '', killAt]: readonly string[]): Promise<void> {
  const { images } = await readDataset(photos);
  const backbone = { path, input: { size: 32, resize: 'shorter-side-crop' } } as const;
  const { views, cached, warnings } = await extractFeatures(images, backbone, {
    views: ['identity', 'flip'],
    cacheFolder,
    workers: 2,
    onProgress: ({ done }) => {
      if (done === Number(killAt)) process.kill(process.pid, 'SIGKILL');
    },
  });
  const report: ExtractReport = { cached, warnings, features: [...views.identity.features, ...views.flip.features] };
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

void main(process.argv.slice(2));

// `npm run drift-study`: how soon monitor signals real changes, and whether it is silent without one; writes docs/drift-study.md.
import { Logger } from '@nestjs/common';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeMachine } from '../machine';
import { flowerPhotos } from './photos';
import { studyPage } from './report';
import { studyFirstImages, studyTrainedModel } from './study';

const PAGE = join('docs', 'drift-study.md');

async function main(): Promise<void> {
  Logger.overrideLogger(false); // monitor would tell of every signal
  const startedAt = performance.now();
  const say = (line: string) =>
    console.log(`${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s  ${line}`);
  const photos = flowerPhotos();
  const folder = mkdtempSync(join(tmpdir(), 'drift-study-'));
  try {
    const shipped = await studyFirstImages(photos, join('models', 'everyday-objects'), say);
    const trained = await studyTrainedModel(photos, folder, say);
    writeFileSync(PAGE, `${studyPage(describeMachine(), trained, shipped)}\n`);
    say(`written to ${PAGE}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

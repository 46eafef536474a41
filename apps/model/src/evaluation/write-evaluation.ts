import { EvaluationFile, EvaluationReport, TestPredictions } from '@app/contracts/learning';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EvaluationFolders } from './evaluation-folders';

export interface EvaluationFiles {
  readonly report: EvaluationReport;
  readonly predictions: TestPredictions;
  /** HTML. */
  readonly page: string;
}

/** Makes the folder, without results of an earlier evaluation: what ends early must not look like them. */
export async function prepareResults({ results, message }: EvaluationFolders): Promise<void> {
  await mkdir(results, { recursive: true });
  const names = [EvaluationFile.report, EvaluationFile.predictions, EvaluationFile.page];
  for (const file of [message, ...names.map((name) => join(results, name))]) await rm(file, { force: true });
}

/** Writes the files, each whole or not at all; the report last, for it is what a pipeline reads. */
export async function writeEvaluation(folder: string, { report, predictions, page }: EvaluationFiles): Promise<void> {
  await writeDurably(join(folder, EvaluationFile.page), page);
  await writeDurably(join(folder, EvaluationFile.predictions), `${JSON.stringify(predictions)}\n`);
  await writeDurably(join(folder, EvaluationFile.report), `${JSON.stringify(report)}\n`);
}

async function writeDurably(path: string, content: string): Promise<void> {
  const unfinished = `${path}.part`;
  const file = await open(unfinished, 'w', 0o644);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
}

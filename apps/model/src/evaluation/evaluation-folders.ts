// Where a processing job finds its inputs and leaves its results: SageMaker's folders, wherever they are.
import { EvaluationInput, EvaluationOutput } from '@app/contracts/learning';
import { join } from 'node:path';
import { holdsInput } from '../job/input-folder';
import { EvaluationError } from './evaluation.error';

export class EvaluationFolders {
  constructor(private readonly base: string) {}

  /** Throws an `EvaluationError` when there is nothing. */
  async required(name: keyof typeof EvaluationInput): Promise<string> {
    const folder = await this.optional(name);
    if (folder !== undefined) return folder;
    throw new EvaluationError(`The input "${name}" is missing: ${this.input(name)} has no files.`);
  }

  /** Nothing where the folder is absent, empty, or says that there is nothing. */
  async optional(name: keyof typeof EvaluationInput): Promise<string | undefined> {
    return (await holdsInput(this.input(name))) ? this.input(name) : undefined;
  }

  get results(): string {
    return join(this.base, 'processing', 'output', EvaluationOutput.evaluation);
  }

  /**
   * What SageMaker shows as the job's `ExitMessage`: the first KB of this file
   * (https://docs.aws.amazon.com/sagemaker/latest/dg/byoc-metadata.html).
   */
  get message(): string {
    return join(this.base, 'output', 'message');
  }

  private input(name: keyof typeof EvaluationInput): string {
    return join(this.base, 'processing', 'input', EvaluationInput[name]);
  }
}

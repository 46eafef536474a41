import { Language } from '@app/contracts';
import { ClassificationResponse, ModelResponse } from '@app/contracts/classification';
import { Request } from 'express';

export interface ClassifyUploadOptions {
  readonly topK: number;
  readonly heatmap: boolean;
  readonly language: Language;
}

/** Placeholder for the seam between the pages and the gateway's use of the business tier. */
export abstract class ClassificationService {
  abstract classifyUpload(request: Request, options: ClassifyUploadOptions): Promise<ClassificationResponse>;
  abstract describeModel(language: Language, request: Request): Promise<ModelResponse>;
}

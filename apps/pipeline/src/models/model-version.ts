// A version of the model in the registry. Knows neither SageMaker's words nor how a version is shown.

export type Approval = 'pending' | 'approved' | 'rejected';

export interface ModelVersionSummary {
  readonly number: number;
  readonly approval: Approval;
  readonly created: Date;
}

export interface ModelVersion extends ModelVersionSummary {
  /** Of the registry, for programs. */
  readonly arn: string;
  /** Whether it is complete: only then it can be deployed. */
  readonly state: 'ready' | 'unfinished' | 'failed';
  /** `model.tar.gz` */
  readonly modelUri: string;
  readonly image: string;
  /** `evaluation.json`, with `predictions.json` and `report.html` beside it. */
  readonly evaluationUri?: string;
  readonly note?: string;
  readonly changed?: Date;
  readonly changedBy?: string;
  /** What was written down when it was registered and reviewed. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Name of the model, which answers carry. */
export function nameOf({ metadata }: ModelVersion): string | undefined {
  return metadata['modelName'];
}

/** `2 (flowers)` */
export function versionInWords(version: ModelVersion): string {
  const name = nameOf(version);
  return name === undefined ? String(version.number) : `${version.number} (${name})`;
}

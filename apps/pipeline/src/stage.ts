// A stage: a copy of the product in an AWS account, as its stacks say in SSM parameters below /<project>/<stage>/. Knows no SDK.

export const DEFAULT_PROJECT = 'image-classifier';

/** What the command line needs of a stage, by the option that would say the same, and the SSM parameter that holds it. */
export const STAGE_PARAMETERS = {
  group: 'ml/model-package-group',
  endpoint: 'ml/endpoint-name',
  role: 'ml/job-role-arn',
  image: 'ml/model-image',
  bucket: 'storage/models-bucket',
  dataBucket: 'storage/data-bucket',
  feedbackBucket: 'storage/feedback-bucket',
} as const;

/** Written when something newer is there than what the stack was made with: a build records the model image that training takes then. */
export const NEWER_PARAMETERS: Partial<Record<keyof typeof STAGE_PARAMETERS, string>> = { image: 'images/model' };

export type StageSettings = Readonly<Record<keyof typeof STAGE_PARAMETERS, string>>;

/** Throws a `CommandError` for a stage that is not there, or not whole. */
export type FindStage = (project: string, stage: string) => Promise<StageSettings>;

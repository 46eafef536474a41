// The environment of the command line, read here and nowhere else. Region and credentials are read by the AWS SDK itself.

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a run on SageMaker needs to know of the account. An option goes before its variable. */
export const ACCOUNT_SETTINGS = [
  {
    name: 'bucket',
    variable: 'PIPELINE_BUCKET',
    option: '--bucket',
    meaning: 'S3 bucket for results and caches, and for data unless that has its own',
  },
  {
    name: 'dataBucket',
    variable: 'PIPELINE_DATA_BUCKET',
    option: '--data-bucket',
    meaning: 'S3 bucket for photos to learn from, below datasets/',
  },
  {
    name: 'role',
    variable: 'PIPELINE_ROLE_ARN',
    option: '--role',
    meaning: 'Role that SageMaker takes on for the jobs',
  },
  { name: 'image', variable: 'PIPELINE_IMAGE', option: '--image', meaning: 'Container image of `apps/model` in ECR' },
] as const;

export type AccountSettingName = (typeof ACCOUNT_SETTINGS)[number]['name'];
export type AccountOptions = Readonly<Partial<Record<AccountSettingName, string>>>;

/** The settings that are given, by option or variable; empty ones count as not given. */
export function accountSettings(options: AccountOptions, environment: Environment): AccountOptions {
  return Object.fromEntries(
    ACCOUNT_SETTINGS.flatMap(({ name, variable }) => {
      const value = options[name] || environment[variable];
      return value ? [[name, value]] : [];
    }),
  );
}

/** https://no-color.org */
export function wantsColour(environment: Environment): boolean {
  return !environment['NO_COLOR'];
}

// Parameters that a run is given beside its hyperparameters (docs/pipeline-reference.md), from what whoever starts it knows.
import type { PipelinePlaces } from './pipeline-places';

/** Set aside for testing when there is no test data of its own. */
export const DEFAULT_TEST_SHARE = '0.15';

/** Photos and models to learn from, as S3 prefixes with a slash at their end. */
export interface RunInputs {
  readonly data: string;
  /** Without it a share of the data is set aside, which `TestShare` says. */
  readonly test?: string;
  readonly other?: string;
  readonly backbone?: string;
  readonly earlierModel?: string;
}

export interface RunSurroundings {
  readonly places: PipelinePlaces;
  /** Role that the jobs run with. */
  readonly roleArn: string;
  /** Container image that trains, evaluates and serves. */
  readonly image: string;
  readonly modelPackageGroup: string;
  readonly codeVersion: string;
}

/** By the name of the parameter. */
export type RunParameters = Readonly<
  Record<
    | ('RoleArn' | 'Image' | 'OutputUri' | 'FeatureCacheUri' | 'ModelPackageGroup' | 'CodeVersion')
    | ('TrainingData' | 'TestData' | 'OtherData' | 'Backbone' | 'EarlierModel' | 'DeployedModel'),
    string
  >
>;

/** SageMaker knows no optional inputs: one that is not wanted is the prefix of nothing. */
export function runParameters(
  { data, test, other, backbone, earlierModel }: RunInputs,
  { places, roleArn, image, modelPackageGroup, codeVersion }: RunSurroundings,
): RunParameters {
  return {
    RoleArn: roleArn,
    Image: image,
    OutputUri: places.runs,
    FeatureCacheUri: places.features,
    TrainingData: data,
    TestData: test ?? data,
    OtherData: other ?? places.nothing,
    Backbone: backbone ?? places.nothing,
    EarlierModel: earlierModel ?? places.nothing,
    DeployedModel: places.deployed,
    ModelPackageGroup: modelPackageGroup,
    CodeVersion: codeVersion,
  };
}

import type { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { ObjectStore } from './object-store.port';

/** What every step of a deployment is given. */
export interface DeploymentContext {
  readonly sageMaker: SageMakerClient;
  /** Needed for settings with `scaling` only. */
  readonly autoScaling?: ApplicationAutoScalingClient;
  readonly objects: ObjectStore;
  readonly settings: DeploymentSettings;
  /** Between two looks at what SageMaker is doing, in milliseconds; 15 seconds when left out. */
  readonly pollIntervalMs?: number;
}

export interface DeploymentSettings {
  /** An endpoint is made of instances or serverless for all its life: give the two kinds different names. */
  readonly endpointName: string;
  readonly modelPackageGroup: string;
  /** The role under which SageMaker fetches image and model, and the containers run. */
  readonly executionRoleArn: string;
  /** The model file of what serves is kept in it, as `deployed/<endpoint>/model.tar.gz`. */
  readonly bucket: string;
  readonly capacity: InstanceCapacity | ServerlessCapacity;
  /** Encrypts the volumes of the instances. */
  readonly kmsKeyId?: string;
  readonly rollout: Rollout;
}

export interface InstanceCapacity {
  readonly kind: 'instances';
  readonly instanceType: string;
  /** To begin with: an endpoint that runs keeps the count that it has, which may be autoscaling's choice. */
  readonly instanceCount: number;
  /** Without it autoscaling is left as it is. */
  readonly scaling?: InstanceScaling;
}

/** Between which counts Application Auto Scaling chooses, and by what. */
export interface InstanceScaling {
  readonly minInstances: number;
  /** Not less than the least. */
  readonly maxInstances: number;
  /** Invocations a minute of each instance that it aims at. */
  readonly invocationsPerInstance: number;
}

export interface ServerlessCapacity {
  readonly kind: 'serverless';
  /** 1024 to 6144, in steps of 1024. */
  readonly memorySizeInMb: number;
  /** 1 to 200. */
  readonly maxConcurrency: number;
}

/** How traffic moves from the old fleet to the new one. Serverless endpoints know nothing of it. */
export interface Rollout {
  readonly traffic: TrafficShift;
  /** How long the old fleet is kept after all traffic has moved while alarms are watched: 0 to 3600. */
  readonly terminationWaitSeconds: number;
  /** 600 to 28800; more than all waiting together. */
  readonly maximumSeconds: number;
  /** CloudWatch alarms that make SageMaker go back by itself. */
  readonly alarms: readonly string[];
}

export type TrafficShift =
  | { readonly shift: 'all-at-once' }
  | {
      /** `canary`: one part first, then the rest; `linear`: part by part. */
      readonly shift: 'canary' | 'linear';
      /** Size of a part, in percent of the instances: 1 to 50, for `linear` 10 to 50. Rounded up to whole instances. */
      readonly percent: number;
      /** Between two parts: 0 to 3600. */
      readonly waitSeconds: number;
    };

/** WAS and monitoring know the model by this variant; an update must keep its name. */
export const VARIANT_NAME = 'AllTraffic';

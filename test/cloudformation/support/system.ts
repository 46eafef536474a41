// All templates worked out for the stages and for what else people may choose, so that a rule sees every resource with its real values.
import {
  readStage,
  resolveStage,
  stageNames,
  STAGE_FOLDER,
  type StageValues,
} from '../../../tools/cloudformation/stage';
import type { ResolvedResource, ResolvedTemplate } from '../../../tools/cloudformation/resolve-template';
import { loadTemplates, type Template, type Value, type Values } from '../../../tools/cloudformation/template';

export interface Stack extends ResolvedTemplate {
  readonly variant: Variant;
}

/** All stacks for one choice of parameters. */
export interface Variant {
  readonly name: string;
  readonly values: StageValues;
  readonly stacks: readonly Stack[];
}

export interface System {
  readonly templates: readonly Template[];
  readonly stages: ReadonlyMap<string, StageValues>;
  readonly variants: readonly Variant[];
}

/** A resource of one variant, with the stack that it is in. */
export interface Found extends ResolvedResource {
  readonly stack: Stack;
}

const digest = (image: string) => `123456789012.dkr.ecr.us-east-1.amazonaws.com/${image}@sha256:${'0'.repeat(64)}`;

/** What the deploy command finds out by itself. */
export const GIVEN_BY_THE_TOOL: StageValues = {
  WebImage: digest('web'),
  WasImage: digest('was'),
  MonitorImage: digest('monitor'),
  ModelImage: digest('model'),
  PipelineDefinitionKey: `pipelines/${'0'.repeat(64)}.json`,
  DeployModelCodeKey: `functions/deploy-model/${'0'.repeat(64)}.zip`,
  StartTrainingCodeKey: `functions/start-training/${'0'.repeat(64)}.zip`,
  VerifyDeploymentCodeKey: `functions/verify-deployment/${'0'.repeat(64)}.zip`,
  ProbeTargetsCodeKey: `functions/probe-targets/${'0'.repeat(64)}.zip`,
};

/** Choices that no stage file makes, on top of production: each condition of a template holds in one variant and not in another. */
const CHOICES: Readonly<Record<string, StageValues>> = {
  'all that is optional': {
    NatMode: 'per-az',
    AvailabilityZoneCount: 3,
    InterfaceEndpoints: true,
    S3PrefixListId: 'pl-63a5400a',
    CertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555',
    DomainName: 'photos.example.com',
    HostedZoneId: 'Z0123456789',
    TelemetryPort: 4318,
    AlarmEmail: 'team@example.com',
    MonthlyBudget: 300,
    TelemetryEndpoint: 'https://collector.example.com',
    CpuArchitecture: 'ARM64',
    EndpointMode: 'realtime',
    DeploymentStrategy: 'linear',
    TrainOnDrift: true,
    Waf: true,
    FlowLogs: true,
    Spot: true,
    FeedbackDays: 365,
    SourceProvider: 'CodeConnections',
    SourceRepository: 'team/image-classifier',
    ConnectionArn: 'arn:aws:codeconnections:us-east-1:123456789012:connection/11111111-2222-3333-4444-555555555555',
    ReleaseApproval: true,
    TellOfReleases: true,
  },
  'nothing that is optional': {
    NatMode: 'none',
    AvailabilityZoneCount: 2,
    InterfaceEndpoints: false,
    CertificateArn: '',
    AlarmEmail: '',
    MonthlyBudget: 0,
    TelemetryEndpoint: '',
    EndpointMode: 'serverless',
    DeploymentStrategy: 'all-at-once',
    TrainOnNewData: false,
    TrainOnDrift: false,
    CreateModelPackageGroup: false,
    Waf: false,
    FlowLogs: false,
    Spot: false,
    FeedbackDays: 0,
    WebLiveColour: 'green',
    WasLiveColour: 'green',
    SourceProvider: 'S3',
    ReleaseApproval: false,
    TellOfReleases: false,
  },
  'endpoints in place of NAT': {
    NatMode: 'none',
    InterfaceEndpoints: true,
    DeploymentStrategy: 'canary',
    SourceProvider: 'CodeCommit',
    SourceRepository: 'image-classifier',
  },
};

export function loadSystem(): System {
  const stages = new Map(stageNames(STAGE_FOLDER).map((name) => [name, readStage(name)]));
  return systemOf(loadTemplates(), stages);
}

export function systemOf(templates: readonly Template[], stages: ReadonlyMap<string, StageValues>): System {
  const known = new Set(templates.flatMap(({ parameters }) => Object.keys(parameters)));
  const choices = [
    ...[...stages].map(([name, values]) => ({ name, values })),
    ...Object.entries(CHOICES).map(([name, values]) => ({
      name,
      values: {
        ...stages.get('production'),
        ...Object.fromEntries(Object.entries(values).filter(([parameter]) => known.has(parameter))),
      },
    })),
  ];
  const variants = choices.map(({ name, values }): Variant => {
    const all = { ...GIVEN_BY_THE_TOOL, ...values };
    const variant = { name, values: all, stacks: [] as Stack[] };
    variant.stacks.push(...resolveStage(templates, all).map((stack) => ({ ...stack, variant })));
    return variant;
  });
  return { templates, stages, variants };
}

/** Resources of a type (or whose type begins with it and ends in `::`), of all stacks of all variants, or of one. */
export function* resourcesOf(from: System | Variant, type = ''): Generator<Found> {
  for (const variant of 'variants' in from ? from.variants : [from]) {
    for (const stack of variant.stacks) {
      for (const resource of Object.values(stack.resources)) {
        if (type === '' || resource.Type === type) yield { ...resource, stack };
      }
    }
  }
}

const SYMBOL = /^\$\{([a-z]+):([A-Za-z0-9]+)(?:\.([A-Za-z0-9.]+))?(\[.+\])?\}$/;

/** The resource that a symbol stands for: `${platform:WebBlueTargetGroup.TargetGroupName}`. */
export function referred(variant: Variant, symbol: Value | undefined): Found | undefined {
  const [, area, logicalId = ''] = SYMBOL.exec(typeof symbol === 'string' ? symbol : '') ?? [];
  const stack = variant.stacks.find(({ template }) => template.area === area);
  const resource = stack?.resources[logicalId];
  return stack && resource && { ...resource, stack };
}

/** The attribute that a symbol stands for, or the part of it (`[/1]`); undefined of a Ref. */
export function attributeOf(symbol: Value | undefined): string | undefined {
  const [, , , attribute, part] = SYMBOL.exec(typeof symbol === 'string' ? symbol : '') ?? [];
  return part ?? attribute;
}

/** The value at a path inside values, or undefined. */
export function at(value: Value | undefined, ...path: readonly (string | number)[]): Value | undefined {
  return path.reduce<Value | undefined>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Values)[key] : undefined),
    value,
  );
}

/** A list as it is, nothing as an empty one, and one thing as a list of it: as IAM reads `Action`. */
export function listAt(value: Value | undefined, ...path: readonly (string | number)[]): readonly Value[] {
  const found = at(value, ...path);
  if (found === undefined) return [];
  return Array.isArray(found) ? (found as readonly Value[]) : [found];
}

export function textAt(value: Value | undefined, ...path: readonly (string | number)[]): string {
  const found = at(value, ...path);
  return found === undefined || found === null ? '' : typeof found === 'object' ? JSON.stringify(found) : String(found);
}

// What keeps things: encrypted, private, not lost with a stack, not kept for ever.
import type { Value } from '../../../tools/cloudformation/template';
import { faultOf, type Rule } from '../support/rule';
import { statementsOf } from '../support/statements';
import { at, listAt, referred, resourcesOf, textAt, type Found } from '../support/system';

/** Hold what cannot be made again: people's photos, what was learnt from them, and the key to both. */
const KEPT = /^(DataBucket|ModelsBucket|FeedbackBucket|Key|ModelPackageGroup)$/;
/** Layers for the next build, under tags that every build moves; nothing of it runs in the product. */
const CACHE = 'CacheRepository';
const STATEFUL = [
  'AWS::S3::Bucket',
  'AWS::KMS::Key',
  'AWS::ECR::Repository',
  'AWS::Logs::LogGroup',
  'AWS::SQS::Queue',
  'AWS::SecretsManager::Secret',
  'AWS::SageMaker::ModelPackageGroup',
];

function policyCovers(bucket: Found): boolean {
  return [...statementsOf(bucket.stack.variant)].some(
    ({ resource, effect, value }) =>
      resource.Type === 'AWS::S3::BucketPolicy' &&
      referred(bucket.stack.variant, resource.Properties.Bucket)?.logicalId === bucket.logicalId &&
      effect === 'Deny' &&
      textAt(value, 'Condition', 'Bool', 'aws:SecureTransport') === 'false',
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** ECR user guide, "Lifecycle policy properties". */
function lifecycleFaults(text: string): string[] {
  if (!isJson(text)) return ['is no JSON'];
  const rules = listAt(JSON.parse(text) as Value, 'rules');
  const priorities = rules.map((rule) => textAt(rule, 'rulePriority'));
  const faults = rules.flatMap((rule) => {
    const kind = textAt(rule, 'selection', 'countType');
    const unit = textAt(rule, 'selection', 'countUnit');
    return [
      ...(['imageCountMoreThan', 'sinceImagePushed'].includes(kind) ? [] : [`counts by ${kind || 'nothing'}`]),
      ...((kind === 'sinceImagePushed') === (unit === 'days')
        ? []
        : ['has countUnit: days with sinceImagePushed only']),
      ...(['untagged', 'tagged', 'any'].includes(textAt(rule, 'selection', 'tagStatus')) ? [] : ['has no tagStatus']),
      ...(textAt(rule, 'action', 'type') === 'expire' ? [] : ['has no action of type expire']),
    ];
  });
  const any = rules.findIndex((rule) => textAt(rule, 'selection', 'tagStatus') === 'any');
  return [
    ...faults,
    ...(rules.length === 0 ? ['has no rules'] : []),
    ...(new Set(priorities).size === priorities.length ? [] : ['has a priority twice']),
    ...(any === -1 || any === rules.length - 1 ? [] : ['has a rule after the one for any tag']),
  ];
}

export const STORAGE_RULES = {
  buckets: {
    says: 'buckets are encrypted, versioned, closed to the public, without access lists, and for TLS only',
    *faults(system) {
      for (const found of resourcesOf(system, 'AWS::S3::Bucket')) {
        const { Properties } = found;
        const encryption = at(
          Properties,
          'BucketEncryption',
          'ServerSideEncryptionConfiguration',
          0,
          'ServerSideEncryptionByDefault',
        );
        if (textAt(encryption, 'SSEAlgorithm') === '') yield faultOf(found, 'is not encrypted');
        if (textAt(encryption, 'SSEAlgorithm') === 'aws:kms' && textAt(encryption, 'KMSMasterKeyID') === '')
          yield faultOf(found, 'names no key');
        if (textAt(Properties, 'VersioningConfiguration', 'Status') !== 'Enabled')
          yield faultOf(found, 'has no versions');
        for (const member of ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets']) {
          if (textAt(Properties, 'PublicAccessBlockConfiguration', member) !== 'true')
            yield faultOf(found, `has no ${member}`);
        }
        if (textAt(Properties, 'OwnershipControls', 'Rules', 0, 'ObjectOwnership') !== 'BucketOwnerEnforced')
          yield faultOf(found, 'has access lists');
        if (!policyCovers(found)) yield faultOf(found, 'can be asked without TLS');
      }
    },
  },
  lifecycle: {
    says: 'buckets forget old versions and uploads that never ended',
    *faults(system) {
      for (const found of resourcesOf(system, 'AWS::S3::Bucket')) {
        const rules = listAt(found.Properties, 'LifecycleConfiguration', 'Rules');
        for (const member of ['NoncurrentVersionExpiration', 'AbortIncompleteMultipartUpload']) {
          if (!rules.some((rule) => at(rule, member) !== undefined)) yield faultOf(found, `has no ${member}`);
        }
      }
    },
  },
  keys: {
    says: 'keys are rotated',
    *faults(system) {
      for (const found of resourcesOf(system, 'AWS::KMS::Key')) {
        if (textAt(found.Properties, 'EnableKeyRotation') !== 'true') yield faultOf(found, 'is never rotated');
      }
    },
  },
  retention: {
    says: 'log groups forget, and every function has one of these templates',
    *faults(system) {
      for (const found of resourcesOf(system, 'AWS::Logs::LogGroup')) {
        if (Number(textAt(found.Properties, 'RetentionInDays')) <= 0) yield faultOf(found, 'keeps logs for ever');
      }
      for (const found of resourcesOf(system, 'AWS::Lambda::Function')) {
        const group = referred(found.stack.variant, at(found.Properties, 'LoggingConfig', 'LogGroup'));
        if (group?.Type !== 'AWS::Logs::LogGroup') yield faultOf(found, 'logs to no group of these templates');
      }
    },
  },
  policies: {
    says: 'what holds anything says what becomes of it, and what cannot be made again is retained',
    *faults(system) {
      for (const found of resourcesOf(system)) {
        const { DeletionPolicy, UpdateReplacePolicy } = found;
        if ((DeletionPolicy === undefined) !== (UpdateReplacePolicy === undefined))
          yield faultOf(found, 'has one of DeletionPolicy and UpdateReplacePolicy');
        if (STATEFUL.includes(found.Type) && DeletionPolicy === undefined)
          yield faultOf(found, 'has no DeletionPolicy');
        if (
          KEPT.test(found.logicalId) &&
          found.stack.template.area !== 'observability' &&
          [DeletionPolicy, UpdateReplacePolicy].join() !== 'Retain,Retain'
        ) {
          yield faultOf(found, 'is gone with its stack: needs Retain');
        }
      }
    },
  },
  repositories: {
    says: 'repositories scan images, never move a tag (but that of what builds keep for themselves), are emptied with their stack, and forget old images by a policy that ECR takes',
    *faults(system) {
      for (const found of resourcesOf(system, 'AWS::ECR::Repository')) {
        const isCache = found.logicalId === CACHE;
        if (!isCache && textAt(found.Properties, 'ImageScanningConfiguration', 'ScanOnPush') !== 'true')
          yield faultOf(found, 'scans nothing');
        const tags = textAt(found.Properties, 'ImageTagMutability');
        if (!isCache && tags !== 'IMMUTABLE') yield faultOf(found, 'has tags that move');
        if (isCache && tags !== 'MUTABLE') yield faultOf(found, 'has tags that builds cannot write again');
        if (textAt(found.Properties, 'EmptyOnDelete') !== 'true')
          yield faultOf(found, 'cannot be deleted with images in it');
        for (const fault of lifecycleFaults(textAt(found.Properties, 'LifecyclePolicy', 'LifecyclePolicyText')))
          yield faultOf(found, `has a lifecycle policy that ${fault}`);
      }
    },
  },
  queues: {
    says: 'queues that work is taken from are encrypted and hand what fails to a queue of dead letters',
    *faults(system) {
      for (const found of resourcesOf(system, 'AWS::SQS::Queue')) {
        const { KmsMasterKeyId, SqsManagedSseEnabled, RedrivePolicy } = found.Properties;
        if (KmsMasterKeyId === undefined && textAt(SqsManagedSseEnabled) !== 'true')
          yield faultOf(found, 'is not encrypted');
        if (RedrivePolicy === undefined && !found.logicalId.endsWith('DeadLetters'))
          yield faultOf(found, 'has no queue of dead letters');
      }
    },
  },
} satisfies Record<string, Rule>;

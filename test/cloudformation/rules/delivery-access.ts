// CodePipeline: what starts it, what it rolls out to, and who its actions are.
import type { Value } from '../../../tools/cloudformation/template';
import { actionsOf, pipelines, setting } from '../support/pipelines';
import { faultOf, type Rule } from '../support/rule';
import { statementsOf, type Statement } from '../support/statements';
import { at, listAt, referred, resourcesOf, textAt, type Found } from '../support/system';

/** `Allow` statements of a role's own policies and of those that stand by themselves. */
function allowedTo(role: Found): Statement[] {
  return [...statementsOf(role.stack.variant)].filter(({ kind, effect, resource }) => {
    const roles = resource.Type === 'AWS::IAM::Role' ? [symbolOf(resource)] : listAt(resource.Properties, 'Roles');
    return kind === 'identity' && effect === 'Allow' && roles.includes(symbolOf(role));
  });
}

function trusts(role: Found, principal: string): boolean {
  return [...statementsOf(role.stack.variant)].some(
    ({ kind, resource, principals }) =>
      kind === 'trust' && symbolOf(resource) === symbolOf(role) && principals.includes(principal),
  );
}

const symbolOf = ({ stack, logicalId }: Found, attribute = '') => `\${${stack.template.area}:${logicalId}${attribute}}`;

/** The name that a CodeDeploy group's application has, whether it is written or referred to. */
function applicationOf(group: Found): string {
  const application = at(group.Properties, 'ApplicationName');
  return textAt(referred(group.stack.variant, application)?.Properties, 'ApplicationName') || textAt(application);
}

/** Rules of the pipeline's stack that start it. */
function startersOf(pipeline: Found): Found[] {
  return [...resourcesOf(pipeline.stack.variant, 'AWS::Events::Rule')].filter(({ Properties }) =>
    listAt(Properties, 'Targets').some((target) => textAt(target, 'Arn').endsWith(`:${symbolOf(pipeline)}`)),
  );
}

interface Start {
  /** The one place in the event's pattern that has to name where the source is. */
  readonly watched: (pattern: Value | undefined) => string;
  readonly place: string;
  readonly revisionType: string;
}

const STARTS: Readonly<Record<string, Start>> = {
  'Source S3': {
    watched: (pattern) =>
      `${textAt(pattern, 'detail', 'bucket', 'name', 0)} ${textAt(pattern, 'detail', 'object', 'key', 0)}`,
    place: 'S3Bucket S3ObjectKey',
    revisionType: 'S3_OBJECT_VERSION_ID',
  },
  'Source CodeCommit': {
    watched: (pattern) =>
      `${textAt(pattern, 'resources', 0).split(':').at(-1)} ${textAt(pattern, 'detail', 'referenceName', 0)}`,
    place: 'RepositoryName BranchName',
    revisionType: 'COMMIT_ID',
  },
};

export const DELIVERY_ACCESS_RULES = {
  polling: {
    says: 'nobody polls for sources: an event, or the connection, starts the pipeline',
    *faults(system) {
      for (const found of pipelines(system)) {
        for (const action of actionsOf(found).filter(({ kind }) => kind.startsWith('Source '))) {
          const [key, value] = STARTS[action.kind] ? ['PollForSourceChanges', 'false'] : ['DetectChanges', 'true'];
          if (setting(action, key) !== value) yield faultOf(found, `has a source without ${key} ${value}`);
        }
      }
    },
  },
  starting: {
    says: 'a rule starts the pipeline on each new version of its source, and tells it which one',
    *faults(system) {
      for (const found of pipelines(system)) {
        for (const action of actionsOf(found)) {
          const start = STARTS[action.kind];
          if (!start) continue;
          const place = start.place.split(' ').map((key) => setting(action, key));
          const [starter, ...more] = startersOf(found);
          if (!starter || more.length > 0) {
            yield faultOf(found, `is started by ${1 + more.length - (starter ? 0 : 1)} rules`);
            continue;
          }
          if (start.watched(starter.Properties.EventPattern) !== place.join(' '))
            yield faultOf(starter, `does not wait for ${place.join(' ')}`);
          const template = textAt(starter.Properties, 'Targets', 0, 'InputTransformer', 'InputTemplate');
          const input = JSON.parse(template || '{}') as Value;
          const told = ['actionName', 'revisionType', 'revisionValue'].map((key) =>
            textAt(input, 'sourceRevisions', 0, key),
          );
          if (told.join() !== [action.name, start.revisionType, '<revision>'].join())
            yield faultOf(starter, `tells the pipeline ${told.join(', ')}`);
        }
      }
    },
  },
  announced: {
    says: 'a bucket whose objects start a pipeline keeps versions and announces objects to EventBridge',
    *faults(system) {
      for (const found of pipelines(system)) {
        for (const action of actionsOf(found).filter(({ kind }) => kind === 'Source S3')) {
          const bucket = referred(found.stack.variant, setting(action, 'S3Bucket'));
          if (!bucket)
            yield faultOf(found, `has ${setting(action, 'S3Bucket')} as a source, no bucket of these templates`);
          else if (textAt(bucket.Properties, 'VersioningConfiguration', 'Status') !== 'Enabled')
            yield faultOf(bucket, 'keeps no versions, and a pipeline has its sources there');
          const { EventBridgeConfiguration } = (at(bucket?.Properties, 'NotificationConfiguration') ?? {}) as Record<
            string,
            Value
          >;
          if (bucket && textAt(EventBridgeConfiguration, 'EventBridgeEnabled') !== 'true')
            yield faultOf(bucket, 'announces nothing to EventBridge, and a pipeline waits for its objects');
        }
      }
    },
  },
  targets: {
    says: 'what is rolled out goes to its own deployment group or service, and is built by the project for pipelines',
    *faults(system) {
      for (const found of pipelines(system)) {
        const { variant } = found.stack;
        for (const action of actionsOf(found)) {
          const [service = ''] = action.inputs;
          if (action.kind === 'Deploy CodeDeployToECS') {
            const group = [...resourcesOf(variant, 'AWS::CodeDeploy::DeploymentGroup')].find(
              (one) =>
                textAt(one.Properties, 'DeploymentGroupName') === setting(action, 'DeploymentGroupName') &&
                applicationOf(one) === setting(action, 'ApplicationName'),
            );
            if (!group || setting(action, 'DeploymentGroupName') !== service)
              yield faultOf(found, `rolls ${service} out to ${setting(action, 'DeploymentGroupName')}`);
          }
          if (action.kind === 'Deploy ECS') {
            const target = referred(variant, setting(action, 'ServiceName'));
            if (target?.logicalId.toLowerCase() !== `${service}service`)
              yield faultOf(found, `rolls ${service} out to ${setting(action, 'ServiceName')}`);
            if (textAt(target?.Properties, 'Cluster') !== setting(action, 'ClusterName'))
              yield faultOf(found, `rolls ${service} out in ${setting(action, 'ClusterName')}`);
          }
          if (action.kind === 'Build CodeBuild') {
            const project = referred(variant, setting(action, 'ProjectName'));
            if (textAt(project?.Properties, 'Source', 'Type') !== 'CODEPIPELINE')
              yield faultOf(found, `builds with ${setting(action, 'ProjectName')}, no project for pipelines`);
          }
        }
      }
    },
  },
  roles: {
    says: 'an action has a role that the pipeline may become, that trusts it, and that is another for each kind of action',
    *faults(system) {
      for (const found of pipelines(system)) {
        const { variant } = found.stack;
        const own = referred(variant, found.Properties.RoleArn);
        const mayBecome = own
          ? allowedTo(own).flatMap(({ actions, resources }) => (actions.includes('sts:AssumeRole') ? resources : []))
          : [];
        const kinds = new Map<string, string>();
        for (const { kind, stage, value } of actionsOf(found)) {
          if (kind.startsWith('Approval ')) continue;
          const arn = textAt(value, 'RoleArn');
          const role = referred(variant, arn);
          if (!own || !role || !mayBecome.includes(arn) || !trusts(role, symbolOf(own, '.Arn')))
            yield faultOf(found, `cannot become ${arn || 'anybody'} in ${stage}`);
          const other = kinds.get(arn) ?? kind;
          if (other !== kind) yield faultOf(found, `is ${arn} for ${other} and for ${kind}`);
          kinds.set(arn, kind);
        }
      }
    },
  },
  starters: {
    says: 'the role of a rule that starts a pipeline may start that pipeline',
    *faults(system) {
      for (const found of pipelines(system)) {
        for (const starter of startersOf(found)) {
          for (const target of listAt(starter.Properties, 'Targets')) {
            const role = referred(found.stack.variant, at(target, 'RoleArn'));
            const may = role
              ? allowedTo(role).filter(({ actions }) => actions.includes('codepipeline:StartPipelineExecution'))
              : [];
            if (!may.some(({ resources }) => resources.includes(textAt(target, 'Arn'))))
              yield faultOf(starter, 'has a role that may not start the pipeline');
          }
        }
      }
    },
  },
} satisfies Record<string, Rule>;

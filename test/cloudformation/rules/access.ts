// Who may do what: principals, actions and resources that exist, nothing wider than its reason, no service that acts for somebody else.
import { faultOf, type Rule } from '../support/rule';
import { conditionKeysOf, statementsOf, type Statement } from '../support/statements';
import { listAt, resourcesOf, textAt, type System } from '../support/system';

/** Services that become a role or write to a resource, and whether they say for which account they act. */
const SERVICES: Readonly<Record<string, boolean>> = {
  'budgets.amazonaws.com': true,
  'cloudwatch.amazonaws.com': true,
  'codebuild.amazonaws.com': true,
  'codedeploy.amazonaws.com': true,
  'codepipeline.amazonaws.com': true,
  'delivery.logs.amazonaws.com': true,
  'ecs-tasks.amazonaws.com': true,
  'events.amazonaws.com': true,
  'lambda.amazonaws.com': false, // an execution role is assumed without a source: Lambda developer guide, "Execution role"
  'logdelivery.elasticloadbalancing.amazonaws.com': true,
  'logging.s3.amazonaws.com': true,
  'sagemaker.amazonaws.com': true,
  'scheduler.amazonaws.com': true,
  'vpc-flow-logs.amazonaws.com': true,
};
/** A key for the logs of a region is bound by the ARN of the group instead: CloudWatch Logs user guide, "Encrypt log data". */
const LOGS = /^logs\.[a-z0-9-]+\.amazonaws\.com$/;
const SOURCE_KEYS = ['aws:SourceAccount', 'aws:SourceArn', 'kms:EncryptionContext:aws:logs:arn'];

/**
 * EventBridge cannot send to an encrypted topic whose policy or key asks for the source: Amazon SNS developer guide, "Enable
 * compatibility between event sources from AWS services and encrypted topics".
 */
function isRuleToTopic({ services, actions }: Statement): boolean {
  const ofTopic = actions.every((action) => ['sns:Publish', 'kms:Decrypt', 'kms:GenerateDataKey'].includes(action));
  return ofTopic && services.every((service) => service === 'events.amazonaws.com');
}

/** Services in whose ARNs neither region nor account are written. */
const WITHOUT_PLACE = /^arn:aws:s3:::[a-z$*]/;
const WITHOUT_REGION = /^arn:aws:iam::(\d{12}|aws):(role|root|policy|service-role)/;
const WITH_PLACE =
  /^arn:aws:(application-autoscaling|cloudwatch|codebuild|codecommit|codeconnections|codedeploy|codepipeline|ecr|ecs|elasticloadbalancing|events|kms|lambda|logs|sagemaker|secretsmanager|servicediscovery|sns|sqs|ssm|states|wafv2):(us-east-1|\*):123456789012:[a-zA-Z0-9/]/;

/** Whether a comment stands above the statement or in it, or `Metadata: { Reason }` on its resource. */
function hasReason({ resource, path }: Statement): boolean {
  const { template } = resource.stack;
  if (typeof resource.Metadata?.Reason === 'string') return true;
  const lines = template.text.split('\n');
  const first = template.lineOf(path) - 1;
  const indent = /^ */.exec(lines[first] ?? '')?.[0].length ?? 0;
  const rest = lines.slice(first + 1);
  const end = rest.findIndex((line) => line.trim() !== '' && (/^ */.exec(line)?.[0].length ?? 0) <= indent - 2);
  const own = lines.slice(first, first + 1 + (end === -1 ? rest.length : end));
  const next = own.slice(1).findIndex((line) => /^ *- (Sid|Effect):/.test(line));
  const statement =
    next === -1 ? own : own.slice(0, next + 1).filter((line, index) => index === 0 || !/^ *#/.test(line));
  return /^ *#/.test(lines[first - 1] ?? '') || statement.some((line) => line.includes('#'));
}

function isWide(resource: string): boolean {
  return resource === '*' || /^arn:aws:[a-z0-9-]+:[^:]*:[^:]*:\*?$/.test(resource);
}

function* identity(system: System) {
  for (const statement of statementsOf(system)) if (statement.kind === 'identity') yield statement;
}

const place = ({ resource, value }: Statement) => `${resource.logicalId} ${textAt(value, 'Sid')}`;

export const ACCESS_RULES = {
  principals: {
    says: 'services that are let in are those of AWS, spelled as AWS spells them',
    *faults(system) {
      for (const statement of statementsOf(system)) {
        for (const service of statement.services) {
          if (!(service in SERVICES) && !LOGS.test(service))
            yield faultOf(statement.resource, `lets ${service} in, which is not known`);
        }
      }
    },
  },
  source: {
    says: 'a service that is let in acts for this account only',
    *faults(system) {
      for (const statement of statementsOf(system)) {
        if (statement.effect !== 'Allow' || !statement.services.some((service) => SERVICES[service] ?? true)) continue;
        if (isRuleToTopic(statement)) continue;
        const keys = conditionKeysOf(statement);
        if (!SOURCE_KEYS.some((key) => keys.includes(key))) {
          yield faultOf(
            statement.resource,
            `lets ${statement.services.join(', ')} in without aws:SourceAccount (${place(statement)})`,
          );
        }
      }
      for (const found of resourcesOf(system, 'AWS::Lambda::Permission')) {
        const { SourceArn, SourceAccount } = found.Properties;
        if (SourceArn === undefined && SourceAccount === undefined)
          yield faultOf(found, 'has neither SourceArn nor SourceAccount');
      }
    },
  },
  arns: {
    says: 'resources in policies are ARNs as AWS writes them',
    *faults(system) {
      for (const statement of identity(system)) {
        for (const resource of statement.resources) {
          const isSymbol = /^\$\{[a-z]+:[A-Za-z0-9.]+\}(:\*|\/.*)?$/.test(resource);
          const known = [WITHOUT_PLACE, WITHOUT_REGION, WITH_PLACE].some((pattern) =>
            pattern.test(resource.replaceAll(/\$\{[^}]+\}/g, 'a')),
          );
          if (!isSymbol && !known && resource !== '*')
            yield faultOf(statement.resource, `has ${resource}, which is no ARN`);
        }
      }
    },
  },
  wildcards: {
    says: 'no action has a wildcard, and no resource is everything, but with a reason beside it',
    *faults(system) {
      for (const statement of identity(system)) {
        if (statement.effect !== 'Allow') continue;
        const wide = [
          ...statement.actions.filter((action) => action.includes('*')),
          ...statement.resources.filter(isWide),
        ];
        if (wide.length > 0 && !hasReason(statement))
          yield faultOf(statement.resource, `allows ${wide.join(', ')} without a reason (${place(statement)})`);
      }
    },
  },
  everybody: {
    says: 'nobody outside the account is allowed anything',
    *faults(system) {
      for (const statement of statementsOf(system)) {
        if (statement.kind === 'identity' || statement.effect !== 'Allow') continue;
        const isEndpoint = statement.resource.Type === 'AWS::EC2::VPCEndpoint';
        if (statement.principals.includes('*') && !isEndpoint)
          yield faultOf(statement.resource, `allows everybody (${place(statement)})`);
      }
    },
  },
  passRole: {
    says: 'a role is passed on to one service only',
    *faults(system) {
      for (const statement of identity(system)) {
        if (!statement.actions.includes('iam:PassRole')) continue;
        if (!conditionKeysOf(statement).includes('iam:PassedToService'))
          yield faultOf(statement.resource, 'passes roles on without iam:PassedToService');
        if (statement.resources.some((resource) => resource.includes('*')))
          yield faultOf(statement.resource, 'passes any role on');
      }
    },
  },
  managed: {
    says: 'roles have no policies of AWS, which allow more than is needed',
    *faults(system) {
      for (const found of resourcesOf(system, 'AWS::IAM::Role')) {
        const managed = listAt(found.Properties, 'ManagedPolicyArns')
          .map(String)
          .filter((arn) => arn.includes(':aws:policy/'));
        if (managed.length > 0) yield faultOf(found, `has ${managed.join(', ')}`);
      }
    },
  },
} satisfies Record<string, Rule>;

// What is told of stacks: causes, states, types, and templates without their comments.
import type { StackEvent } from '@aws-sdk/client-cloudformation';
import { parseTemplate } from '../../cloudformation/template';
import { firstCause } from './first-cause';
import { plannedChange } from './planned-change';
import { readinessOf, wayOut } from './stack-state';
import { withoutComments } from './template-source';
import { statusInWords, typeInWords } from './words';

const event = (
  LogicalResourceId: string,
  ResourceStatus: NonNullable<StackEvent['ResourceStatus']>,
  ResourceStatusReason?: string,
  isStack = false,
): StackEvent => ({
  StackId: 'stack',
  EventId: LogicalResourceId,
  StackName: 'stack',
  Timestamp: new Date(0),
  PhysicalResourceId: isStack ? 'stack' : '',
  ResourceType: isStack ? 'AWS::CloudFormation::Stack' : 'AWS::EC2::VPC',
  LogicalResourceId,
  ResourceStatus,
  ...(ResourceStatusReason === undefined ? {} : { ResourceStatusReason }),
});

describe('the first cause', () => {
  it('is the first that failed by itself, in the words of the service', () => {
    const events = [
      event('Topic', 'CREATE_FAILED', 'Resource creation cancelled'),
      event(
        'Vpc',
        'CREATE_FAILED',
        'Resource handler returned message: "The maximum number of VPCs has been reached. (Service: Ec2, Status Code: 400, Request ID: x)" (RequestToken: y, HandlerErrorCode: ServiceLimitExceeded)',
      ),
      event('Other', 'CREATE_FAILED', 'Also bad'),
      event('stack', 'ROLLBACK_IN_PROGRESS', 'The following resource(s) failed to create: [Vpc, Topic].', true),
    ];
    expect(firstCause(events)).toEqual({
      logicalId: 'Vpc',
      type: 'AWS::EC2::VPC',
      reason: 'The maximum number of VPCs has been reached.',
    });
  });

  it('is what there is, when nothing failed by itself', () => {
    expect(firstCause([event('Vpc', 'CREATE_COMPLETE')])).toBeUndefined();
    expect(firstCause([event('Topic', 'CREATE_FAILED', 'Resource creation cancelled')])?.logicalId).toBe('Topic');
  });
});

describe('a planned change', () => {
  it.each([
    [{ Action: 'Add' }, 'add'],
    [{ Action: 'Modify', Replacement: 'False' }, 'change'],
    [{ Action: 'Modify', Replacement: 'True' }, 'replace'],
    [{ Action: 'Modify', Replacement: 'Conditional' }, 'may-replace'],
    [{ Action: 'Dynamic' }, 'may-replace'],
    [{ Action: 'Remove' }, 'remove'],
  ] as const)('%j is %s', (change, kind) => expect(plannedChange(change).kind).toBe(kind));

  it('names each property once, with its values where they are known', () => {
    const Target = { Attribute: 'Properties', Name: 'Cpu' } as const;
    const Details = [{ Target: { ...Target, BeforeValue: '256', AfterValue: '512' } }, { Target }];
    expect(plannedChange({ Action: 'Modify', Details }).properties).toEqual([
      { name: 'Cpu', before: '256', after: '512' },
    ]);
  });
});

describe('a stack', () => {
  it.each([
    ['CREATE_COMPLETE', 'ready'],
    ['UPDATE_ROLLBACK_COMPLETE', 'ready'],
    ['UPDATE_IN_PROGRESS', 'busy'],
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'busy'],
    ['REVIEW_IN_PROGRESS', 'remains'],
    ['ROLLBACK_COMPLETE', 'remains'],
    ['ROLLBACK_FAILED', 'stuck'],
    ['UPDATE_ROLLBACK_FAILED', 'stuck'],
  ])('that is %s is %s', (status, readiness) => expect(readinessOf(status)).toBe(readiness));

  it('that is stuck comes with the commands that help', () => {
    expect(wayOut('a', 'UPDATE_ROLLBACK_FAILED', 'eu-west-1')).toContain(
      'continue-update-rollback --stack-name a --region eu-west-1',
    );
    expect(wayOut('a', 'ROLLBACK_FAILED', 'eu-west-1')).toContain('delete-stack --stack-name a');
  });
});

describe('words', () => {
  it.each([
    ['AWS::ElasticLoadBalancingV2::TargetGroup', 'ELB target group'],
    ['AWS::EC2::VPC', 'EC2 VPC'],
    ['AWS::WAFv2::WebACL', 'WAF web ACL'],
    ['AWS::KMS::Key', 'KMS key'],
  ])('%s is a %s', (type, words) => expect(typeInWords(type)).toBe(words));

  it.each([
    ['CREATE_COMPLETE', 'created'],
    ['UPDATE_FAILED', 'failed'],
    ['DELETE_SKIPPED', 'kept'],
    ['UPDATE_ROLLBACK_COMPLETE', 'changed back'],
  ])('%s is %s', (status, word) => expect(statusInWords(status)).toBe(word));
});

describe('a template without comments', () => {
  it('says the same', () => {
    const text = `# first
Resources:
  # about it
  Code: # beside
    Type: A
    Properties:
      Script: |
        # stays
        echo 1

        echo 2
      Next: '# stays'
`;
    expect(withoutComments(text)).not.toContain('about it');
    expect(parseTemplate(withoutComments(text), 'a').resources).toEqual(parseTemplate(text, 'a').resources);
  });
});

// What CloudFormation tells of stacks that moto cannot bring about: announced replacements, creations that fail.
import { AwsCall, AwsDouble, escaped, Script, xml } from './aws-double';

/** An update of one resource that CloudFormation announces. */
export function changeOf(stack: string, id: string, type: string, replacement: string): Script {
  const arn = `arn:aws:cloudformation:us-east-1:123456789012:changeSet/scripted/${stack}`;
  return ({ action, input }: AwsCall) => {
    if (action === 'CreateChangeSet' && input['StackName'] === stack) return xml(action, `<Id>${arn}</Id>`);
    if (input['ChangeSetName'] !== arn) return undefined;
    return xml(
      action,
      `<Status>CREATE_COMPLETE</Status><StackId>${stack}</StackId><Changes><member><Type>Resource</Type><ResourceChange><Action>Modify</Action>
       <LogicalResourceId>${id}</LogicalResourceId><ResourceType>${type}</ResourceType><Replacement>${replacement}</Replacement>
       <Details><member><Target><Attribute>Properties</Attribute><Name>Scheme</Name></Target></member></Details>
       </ResourceChange></member></Changes>`,
    );
  };
}

/** A creation that is rolled back, told as CloudFormation tells it; until the stack is deleted. */
export function failingCreation(stack: string): Script {
  let state: 'before' | 'failed' | 'gone' = 'before';
  const isOfStack = ({ input }: AwsCall) => JSON.stringify(input).includes(stack);
  const event = (minute: number, id: string, type: string, status: string, reason: string) =>
    `<member><EventId>${minute}</EventId><StackId>${stack}</StackId><StackName>${stack}</StackName><LogicalResourceId>${id}</LogicalResourceId>
     <PhysicalResourceId>${type === 'AWS::CloudFormation::Stack' ? stack : ''}</PhysicalResourceId><ResourceType>${type}</ResourceType>
     <Timestamp>2026-01-01T00:0${minute}:00Z</Timestamp><ResourceStatus>${status}</ResourceStatus>
     <ResourceStatusReason>${escaped(reason)}</ResourceStatusReason></member>`;
  const own = 'AWS::CloudFormation::Stack';
  const events = [
    event(4, stack, own, 'ROLLBACK_COMPLETE', ''),
    event(3, stack, own, 'ROLLBACK_IN_PROGRESS', 'The following resource(s) failed to create: [Topic, MonthlyBudget].'),
    event(2, 'Topic', 'AWS::SNS::Topic', 'CREATE_FAILED', 'Resource creation cancelled'),
    event(
      1,
      'MonthlyBudget',
      'AWS::Budgets::Budget',
      'CREATE_FAILED',
      'The budget is too small (Service: Budgets, Status Code: 400)',
    ),
  ];
  const changeSet = `arn:aws:cloudformation:us-east-1:123456789012:changeSet/scripted/${stack}`;
  return (call: AwsCall) => {
    const { action } = call;
    const asksForEvents = action === 'DescribeStackEvents';
    // Under its id a stack that is gone can still be asked for.
    if (state === 'gone' && !(asksForEvents && call.input['StackName'] === stack)) return undefined;
    if (!isOfStack(call)) return undefined;
    if (state === 'before') {
      if (action === 'CreateChangeSet') return xml(action, `<Id>${changeSet}</Id><StackId>${stack}</StackId>`);
      if (action === 'DescribeChangeSet') {
        return xml(action, `<Status>CREATE_COMPLETE</Status><StackId>${stack}</StackId><Changes/>`);
      }
      if (asksForEvents) return xml(action, '<StackEvents/>');
      if (action !== 'ExecuteChangeSet') return undefined;
      state = 'failed';
      return xml(action, '');
    }
    if (asksForEvents) return xml(action, `<StackEvents>${events.join('')}</StackEvents>`);
    if (action === 'DescribeStacks') {
      return xml(
        action,
        `<Stacks><member><StackId>${stack}</StackId><StackName>${stack}</StackName><StackStatus>ROLLBACK_COMPLETE</StackStatus></member></Stacks>`,
      );
    }
    if (action !== 'DeleteStack') return undefined;
    events.unshift(event(5, stack, own, 'DELETE_COMPLETE', ''));
    state = 'gone';
    return xml(action, '');
  };
}

export interface ToldStack {
  /** From now on the stack is in this state, and its events say so; until it is deleted. */
  becomes(status: string, reason?: string): void;
  /** One of its resources comes into a state. */
  resource(id: string, type: string, status: string, reason: string): void;
  /** From now on moto's word counts. */
  letBe(): void;
  /** It says of itself that it is protected against deletion. */
  isProtected: boolean;
}

/** Tells of a stack what takes minutes in AWS, and no time in moto. */
export function tellOf(aws: AwsDouble, stack: string): ToldStack {
  const own = 'AWS::CloudFormation::Stack';
  const events: string[] = [];
  let state: string | undefined;
  let number = 0;
  const add = (id: string, type: string, status: string, reason: string) => {
    number += 1;
    events.unshift(
      `<member><EventId>told-${number}</EventId><StackId>${stack}</StackId><StackName>${stack}</StackName>
       <LogicalResourceId>${id}</LogicalResourceId><PhysicalResourceId>${type === own ? stack : id}</PhysicalResourceId>
       <ResourceType>${type}</ResourceType><Timestamp>2026-01-01T00:00:00Z</Timestamp>
       <ResourceStatus>${status}</ResourceStatus><ResourceStatusReason>${escaped(reason)}</ResourceStatusReason></member>`,
    );
  };
  const told: ToldStack = {
    isProtected: false,
    becomes: (status, reason = '') => {
      add(stack, own, status, reason);
      state = status;
    },
    resource: add,
    letBe: () => {
      state = undefined;
      events.length = 0;
    },
  };
  aws.rewrites.push((call, body) => {
    if (!String(call.input['StackName']).split('/').includes(stack)) return body;
    if (call.action === 'DeleteStack') told.letBe();
    if (call.action === 'DescribeStackEvents') {
      return body.replace('<StackEvents>', () => `<StackEvents>${events.join('')}`);
    }
    if (call.action !== 'DescribeStacks') return body;
    const status = state === undefined ? body : body.replace(/<StackStatus>\w+</, `<StackStatus>${state}<`);
    return told.isProtected
      ? status
          .replace(/<EnableTerminationProtection>.*?<\/EnableTerminationProtection>/, '')
          .replace('<StackStatus>', '<EnableTerminationProtection>true</EnableTerminationProtection><StackStatus>')
      : status;
  });
  return told;
}

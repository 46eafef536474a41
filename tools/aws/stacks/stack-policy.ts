/** The policy of every stack: what the guard refuses, CloudFormation refuses too, whoever asks. Pure. */
import { GUARDED_TYPES } from './guard';

/** @param allowed logical ids that may be replaced or removed this once. */
export function stackPolicy(allowed: readonly string[] = []): string {
  const resources = allowed.map((id) => `LogicalResourceId/${id}`);
  return JSON.stringify({
    Statement: [
      { Effect: 'Allow', Principal: '*', Action: 'Update:*', Resource: '*' },
      {
        Effect: 'Deny',
        Principal: '*',
        Action: ['Update:Replace', 'Update:Delete'],
        ...(resources.length === 0 ? { Resource: '*' } : { NotResource: resources }),
        Condition: { StringEquals: { ResourceType: GUARDED_TYPES } },
      },
    ],
  });
}

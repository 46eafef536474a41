/**
 * Events that may start training, as EventBridge sends them, as far as the function reads them: "Amazon S3 Event Notifications"
 * (keys are as they are, not encoded for URLs) and "CloudWatch Alarm State Change".
 */
export type TrainingEvent =
  | { readonly kind: 'dataset'; readonly bucket: string; readonly key: string }
  | { readonly kind: 'drift'; readonly alarm: string };

/** Undefined for what is no event of these kinds: also for an alarm that is over. */
export function readTrainingEvent(event: unknown): TrainingEvent | undefined {
  const detail = memberOf(event, 'detail');
  switch (memberOf(event, 'detail-type')) {
    case 'Object Created': {
      const bucket = memberOf(memberOf(detail, 'bucket'), 'name');
      const key = memberOf(memberOf(detail, 'object'), 'key');
      return typeof bucket === 'string' && typeof key === 'string' ? { kind: 'dataset', bucket, key } : undefined;
    }
    case 'CloudWatch Alarm State Change': {
      const alarm = memberOf(detail, 'alarmName');
      const isAlarm = memberOf(memberOf(detail, 'state'), 'value') === 'ALARM';
      return typeof alarm === 'string' && isAlarm ? { kind: 'drift', alarm } : undefined;
    }
    default:
      return undefined;
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? new Map<string, unknown>(Object.entries(value)).get(name)
    : undefined;
}

// What a person can do about a problem that took a page's place. Pure; the words for it are elsewhere.
import { ProblemCode, ProblemError } from '@app/contracts';

export type NextStep =
  /** Open this page again. */
  | 'again'
  /** Send the form again as it was. */
  | 'go-back'
  /** Send it again with what the problem says changed. */
  | 'mend'
  | 'clear-cookies'
  | 'see-status'
  | 'see-model-status'
  | 'tell-operator'
  | 'be-operator'
  | 'for-programs';

/** That the same request can end well later. */
const PASSES: readonly ProblemCode[] = [
  'upload-stalled',
  'too-many-requests',
  'internal-error',
  'overloaded',
  'service-unavailable',
  'model-unavailable',
  'model-missing',
  'feedback-unavailable',
  'monitor-unavailable',
  'deadline-exceeded',
];

/** That nothing can be sent here or to this answer any more, whatever is changed. */
const FINAL: readonly ProblemCode[] = [
  'not-found',
  'method-not-allowed',
  'feedback-off',
  'monitor-off',
  'feedback-not-found',
  'feedback-exists',
  'feedback-expired',
];

/** Only programs meet these. */
const OF_PROGRAMS: readonly ProblemCode[] = ['method-not-allowed', 'not-acceptable', 'unsupported-media-type'];

/** In the order in which they should be tried; `isForm`: what was sent would have to be sent again, which a link cannot do. */
export function nextSteps({ code, status }: ProblemError, isForm: boolean): NextStep[] {
  const steps: NextStep[] = [];
  if (PASSES.includes(code)) steps.push(isForm ? 'go-back' : 'again');
  else if (code === 'headers-too-large') steps.push('clear-cookies');
  else if (isForm && status < 500 && !FINAL.includes(code)) steps.push('mend');
  if (code === 'model-missing') steps.push('see-model-status', 'be-operator');
  else if (status >= 500) steps.push('see-status', 'tell-operator');
  if (OF_PROGRAMS.includes(code)) steps.push('for-programs');
  return steps;
}

/** What a look at the account has brought to light. */
export interface Finding {
  /** A fault stops the command before anything is made; a warning does not. */
  readonly kind: 'fault' | 'warning';
  /** What is missing, and what to do. */
  readonly text: string;
}

export function fault(text: string): Finding {
  return { kind: 'fault', text };
}

export function warning(text: string): Finding {
  return { kind: 'warning', text };
}

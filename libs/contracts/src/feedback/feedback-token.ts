/**
 * What ties feedback to an answer, as it looks from outside: was alone can read it. Its length fits into a header and into a
 * field of a form.
 */
export const FEEDBACK_TOKEN_PATTERN = /^[A-Za-z0-9_-]{1,1000}$/;

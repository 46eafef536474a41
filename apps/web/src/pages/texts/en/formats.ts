import { formatsOf } from '../formats';

export const formats = formatsOf('en-GB', '\u00a0%');

import { formatsOf } from '../formats';

export const formats = formatsOf('ko', '%');

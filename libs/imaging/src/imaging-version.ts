import { sharp } from './configured-sharp';

/** Raised by hand whenever `decodeForModel` or `imageTensor` begin to give other values for the same bytes. */
const PIXELS = 1;

/** Two processes of the same imaging version see the same pixels in the same bytes: what is derived from pixels may be kept under it. */
export const IMAGING_VERSION = `${PIXELS}+vips-${sharp.versions.vips}`;

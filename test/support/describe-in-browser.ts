// For tests that need a browser.
import { existsSync } from 'node:fs';
import { CHROMIUM } from './page-browser';

export const describeInBrowser = existsSync(CHROMIUM) ? describe : describe.skip;
export const SKIPPED_WITHOUT = `skipped when there is none at ${CHROMIUM}; CHROMIUM_PATH names another`;

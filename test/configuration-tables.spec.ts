// Each app's README has a table of its settings; here it is compared with the settings themselves.
import { PRODUCT_ROOT, settingsOf } from '@app/platform';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EvaluationConfig } from '../apps/model/src/evaluation/evaluation.config';
import { ModelConfig } from '../apps/model/src/model.config';
import { TrainingConfig } from '../apps/model/src/training/training.config';
import { MonitorConfig } from '../apps/monitor/src/monitor.config';
import { WasConfig } from '../apps/was/src/was.config';
import { WebConfig } from '../apps/web/src/web.config';

/** Variable, default and meaning. */
const TABLE_ROW = /^\| `([A-Z_]+)` +\| *(.*?) +\| (.+?) +\|$/gm;

describe.each([
  ['apps/web', [WebConfig], {}],
  [
    'apps/was',
    [WasConfig],
    { WAS_LABELS_FILE: '', WAS_MONITOR_HOST: '', WAS_FEEDBACK_DIR: '', WAS_FEEDBACK_BUCKET: '', WAS_FEEDBACK_KEY: '' },
  ],
  [
    'apps/model',
    [ModelConfig, TrainingConfig, EvaluationConfig],
    {
      MODEL_WORKERS: 'CPUs of the container',
      MODEL_VERSION: 'that of `model.json`',
      CODE_VERSION: 'version of the product',
      TRAINING_JOB_NAME: '',
    },
  ],
  ['apps/monitor', [MonitorConfig], { MONITOR_STATE: '' }],
] as const)('the README of %s', (folder, configClasses, defaultsInWords) => {
  it('lists every setting with its default and meaning, and no other', () => {
    const readme = readFileSync(join(PRODUCT_ROOT, folder, 'README.md'), 'utf8');
    const inWords = new Map(Object.entries(defaultsInWords));

    const rows = [...readme.matchAll(TABLE_ROW)].map((row) => row.slice(1));

    const settings = configClasses.flatMap((configClass) => {
      const defaults = new Map(Object.entries(new configClass()));
      return settingsOf(configClass).map(({ variable, property, meaning }) => [
        variable,
        inWords.get(variable) ?? `\`${String(defaults.get(property))}\``,
        meaning,
      ]);
    });
    expect(rows).toEqual(settings);
  });
});

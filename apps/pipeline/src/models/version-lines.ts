// Versions of the model as a person reads them.
import { localTime, percent } from '../output/figures';
import { indented } from '../output/output';
import { facts, table } from '../output/table';
import { evaluationLines } from '../runs/run-lines';
import { Approval, ModelVersion, nameOf } from './model-version';
import { ListedVersion, MeasuredVersion } from './model.service';

const APPROVAL_WORDS: Readonly<Record<Approval, string>> = {
  pending: 'waits for approval',
  approved: 'approved',
  rejected: 'rejected',
};

export function versionTable(versions: readonly ListedVersion[]): string[] {
  return table(
    [
      { title: 'version', align: 'right' },
      { title: 'name' },
      { title: 'status' },
      { title: 'accuracy', align: 'right' },
      { title: 'created' },
      { title: '' },
    ],
    versions.map(({ version, accuracy, isDeployed }) => [
      String(version.number),
      nameOf(version) ?? '',
      APPROVAL_WORDS[version.approval],
      accuracy === undefined ? '' : percent(accuracy),
      localTime(version.created),
      isDeployed ? 'deployed' : '',
    ]),
  );
}

export interface ShownVersion extends MeasuredVersion {
  readonly isDeployed: boolean;
  /** Of the run that made it. */
  readonly parameters: ReadonlyMap<string, string>;
  /** By the name in the registry's metadata, where a person finds the data. */
  readonly places: ReadonlyMap<string, string>;
  readonly report?: string;
}

/** Parameters that say where and what for, and not how it was learnt. */
const PARAMETERS_OF_THE_PLACE =
  /^(RoleArn|Image|ModelName|ModelPackageGroup|ApprovalStatus|CodeVersion|.*(Uri|Data|Model|Type)|Backbone|VolumeSizeInGB|Max.*InSeconds)$/;

export function versionLines({
  version,
  accuracy,
  evaluation,
  isDeployed,
  parameters,
  places,
  report,
}: ShownVersion): string[] {
  const { metadata } = version;
  const settings = [...parameters].filter(([name]) => !PARAMETERS_OF_THE_PLACE.test(name));
  return [
    `Version ${version.number}${nameOf(version) === undefined ? '' : `: ${nameOf(version) ?? ''}`}${isDeployed ? ' (deployed)' : ''}`,
    '',
    ...section('', [
      ['status', reviewInWords(version)],
      ['created', localTime(version.created)],
      ['accuracy', evaluation === undefined && accuracy !== undefined ? percent(accuracy) : undefined],
      ['run', metadata['execution']?.split('/').at(-1)],
      ['code', metadata['codeVersion']],
      ['served as', servedVersion(version)],
      ['package', version.modelUri],
      ['image', version.image],
    ]),
    ...(evaluation === undefined ? [] : ['Evaluation', ...indented(evaluationLines(evaluation)), '']),
    ...section('Data', [
      ['training data', places.get('trainingData')],
      ['test data', places.get('testData')],
      ['training images', evaluation?.model.trainingImages?.toLocaleString('en')],
      ['hash of the data', evaluation?.model.dataHash],
      ['hash of its split', evaluation?.model.splitHash],
      ['hash of the test', evaluation?.test.hash],
    ]),
    ...section('Settings of the run', settings),
    ...perClassLines(evaluation),
    ...(report === undefined ? [] : [`Report: ${report}`]),
  ];
}

function perClassLines(evaluation: MeasuredVersion['evaluation']): string[] {
  if (evaluation === undefined) return [];
  const rows = evaluation.quality.perClass.map(({ name, images, precision, recall }) => [
    name,
    images.toLocaleString('en'),
    percent(recall),
    percent(precision),
  ]);
  const columns = [
    { title: 'class' },
    { title: 'test images', align: 'right' },
    { title: 'found', align: 'right' },
    { title: 'right when said', align: 'right' },
  ] as const;
  return ['Classes', ...indented(table(columns, rows)), ''];
}

/** What the container calls itself; `MODEL_VERSION` of the deployment. */
function servedVersion({ number, metadata }: ModelVersion): string {
  return metadata['modelVersion'] ?? `${number}.0.0`;
}

/** `approved by ann, 23/11/2026, 17:05: "better on tulips"` */
export function reviewInWords({ approval, note, changed, changedBy, metadata }: ModelVersion): string {
  if (approval === 'pending') return APPROVAL_WORDS.pending;
  const by = changedBy ?? metadata['reviewedBy'];
  const at = metadata['reviewedAt'] === undefined ? changed : new Date(metadata['reviewedAt']);
  return [
    `${APPROVAL_WORDS[approval]}${by === undefined ? '' : ` by ${by}`}`,
    ...(at === undefined ? [] : [localTime(at)]),
  ]
    .join(', ')
    .concat(note === undefined || note === '' ? '' : `: "${note}"`);
}

function section(title: string, entries: readonly (readonly [string, string | undefined])[]): string[] {
  const lines = facts(entries);
  return lines.length === 0 ? [] : [...(title === '' ? [] : [title]), ...indented(lines), ''];
}

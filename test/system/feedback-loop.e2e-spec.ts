// From wrong answers to a model that knows better: feedback through the API, a person's review on the page, a dataset version,
// a run, a deployment. The model in service has never seen one of three classes.
import { ClassificationResponse } from '@app/contracts/classification';
import { OTHER_LABEL } from '@app/contracts/feedback';
import { DatasetVersion } from '@app/contracts/dataset';
import { describeExit, distFile, ManagedProcess } from '@app/sagemaker-local';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { until } from '../support/conditions';
import { writePhotoFolders } from '../support/photo-folder';
import { form, raw, send } from '../support/requests';
import { RunningSystem, startSystem } from '../support/system';

/** Two trainings and deployments, on a machine that may be busy. */
const PATIENCE_MS = 300_000;
/** Photos of a class that are learnt from; training asks for ten at least. */
const PHOTOS = 20;
const TEST_PHOTOS = 8;

let folder: string;
let state: string;
let system: RunningSystem;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'feedback-loop-'));
  state = join(folder, 'state');
  const was = { WAS_FEEDBACK_DIR: join(state, 's3', 'local', 'feedback') };
  system = await startSystem({ stateFolder: state, environment: { was } });
}, PATIENCE_MS);

afterAll(async () => {
  await system.stop();
  rmSync(folder, { recursive: true });
});

function startPipeline(argv: readonly string[], lines: string[]): ManagedProcess {
  return new ManagedProcess({
    command: [distFile('apps/pipeline/src/main.js'), ...argv, '--state', state],
    environment: { PATH: process.env['PATH'], TMPDIR: tmpdir() },
    onLine: (line) => lines.push(line),
  });
}

/** What the command line writes; throws when it does not end well. */
async function pipeline(...argv: readonly string[]): Promise<string> {
  const lines: string[] = [];
  const exit = await startPipeline(argv, lines).exited;
  if (exit.code !== 0) throw new Error(`${argv.join(' ')}: ${describeExit(exit)}\n${lines.join('\n')}`);
  return lines.join('\n');
}

async function classify(image: Buffer): Promise<ClassificationResponse> {
  const { status, text } = await send(`${system.url}/api/v1/classifications`, raw(image));
  expect(status).toBe(200);
  return JSON.parse(text) as ClassificationResponse;
}

const bestLabel = ({ predictions }: ClassificationResponse) => predictions[0]?.label;

/** Says what is on a photo that was answered wrongly, and that it may be learned from; gives the id. */
async function complain(image: Buffer, label: string): Promise<string> {
  const { id, feedback } = await classify(image);
  const fields = Object.entries({ token: feedback?.token ?? '', right: 'false', label, consent: 'true' });
  const { status } = await send(
    `${system.url}/api/v1/classifications/${id}/feedback`,
    form(...fields.map(([field, content]) => ({ field, content })), {
      ...{ field: 'image', filename: 'photo.jpg', mediaType: 'image/jpeg', content: image },
    }),
  );
  expect(status).toBe(201);
  return id;
}

/** The class that the form of a feedback offers. */
function chosen(page: string, id: string): string {
  const form = page.slice(page.indexOf(`name="id" value="${id}"`));
  const [select] = /<select.*?<\/select>/s.exec(form) ?? [''];
  return /<option(?=[^>]* selected)[^>]* value="([^"]*)"/.exec(select)?.[1] ?? '';
}

/** Accepts feedback on the page of `feedback review`, as a browser sends its forms: as what was given, else as a new class. */
async function acceptAll(ids: readonly string[], newLabelOf: (id: string) => string): Promise<void> {
  const lines: string[] = [];
  const review = startPipeline(['feedback', 'review'], lines);
  try {
    const address = () => /http:\S+/.exec(lines.join('\n'))?.[0];
    await until(() => address() !== undefined || !review.isRunning);
    const url = address() ?? '';
    const origin = new URL(url).origin;
    const page = await send(url, { method: 'GET' });
    for (const id of ids) {
      expect(page.text).toContain(`name="id" value="${id}"`);
      const body = Buffer.from(
        new URLSearchParams({
          id,
          decision: 'accepted',
          label: chosen(page.text, id),
          newLabel: newLabelOf(id),
        }).toString(),
      );
      const headers = { 'content-type': 'application/x-www-form-urlencoded', origin };
      expect((await send(`${url}decide`, { headers, body })).status).toBe(303);
    }
    expect((await send(url, { method: 'GET' })).text).toContain('There is nothing to review.');
    process.kill(review.pid ?? 0, 'SIGINT');
    expect(await review.exited).toMatchObject({ code: 0 });
  } finally {
    await review.stop(1000);
  }
}

it(
  'answers rightly what it answered wrongly, after feedback, review, dataset, run and deploy',
  async () => {
    const all = await writePhotoFolders(join(folder, 'all'), { train: PHOTOS, test: TEST_PHOTOS });
    const [missing = '', ...known] = all.classes;
    const first = { train: join(folder, 'flowers'), test: join(folder, 'test-of-two') };
    for (const name of known) {
      cpSync(join(all.train, name), join(first.train, name), { recursive: true });
      cpSync(join(all.test, name), join(first.test, name), { recursive: true });
    }
    const gate = ['--name', 'flowers', '--accuracy-threshold', '0.6', '--approve'];
    await pipeline('run', '--data', first.train, '--test', first.test, ...gate);
    await pipeline('deploy', '2');

    // Not among those that are learnt from: the test photos of the class.
    const asked = readdirSync(join(all.test, missing)).map((name) => readFileSync(join(all.test, missing, name)));
    for (const photo of asked) expect(known).toContain(bestLabel(await classify(photo)));

    const photos = readdirSync(join(all.train, missing)).map((name) => readFileSync(join(all.train, missing, name)));
    const ids: string[] = [];
    for (const photo of photos) ids.push(await complain(photo, OTHER_LABEL));
    // A photo that nobody has, of a class that the model knows: a person says which, and the page offers it.
    const [familiar = ''] = known;
    const [sample = ''] = readdirSync(join(all.train, familiar));
    const other = await sharp(readFileSync(join(all.train, familiar, sample)))
      .flop()
      .resize(160)
      .jpeg()
      .toBuffer();
    const corrected = await complain(other, familiar);
    const given = PHOTOS + 1;
    const summary = JSON.parse(await pipeline('feedback', '--json')) as object;
    expect(summary).toMatchObject({ feedback: given, wrong: given, withPhoto: given, reviews: { open: given } });

    await acceptAll([...ids, corrected], (id) => (id === corrected ? '' : missing));
    const dataset = ['feedback', 'dataset', '--data', first.train, '--test', all.test, '--json'];
    const made = JSON.parse(await pipeline(...dataset)) as { place: string; manifest: DatasetVersion };
    const counts = Object.fromEntries(all.classes.map((name) => [name, name === familiar ? PHOTOS + 1 : PHOTOS]));
    expect(made.manifest.classes).toEqual(counts);
    const fed = made.manifest.origin.feedback.map(({ label, feedback }) => [feedback[0], label]);
    expect(Object.fromEntries(fed)).toEqual({
      ...Object.fromEntries(ids.map((id) => [id, missing])),
      [corrected]: familiar,
    });
    expect(existsSync(join(made.place, 'dataset.json'))).toBe(true);

    const ran = await pipeline('run', '--data', made.place, '--test', all.test, ...gate);
    expect(ran).toContain('registered flowers as version 3');
    await pipeline('deploy', '3');
    const answers = await Promise.all(asked.map(async (photo) => bestLabel(await classify(photo))));
    expect(answers.filter((label) => label === missing).length).toBeGreaterThan(asked.length / 2);
  },
  PATIENCE_MS,
);

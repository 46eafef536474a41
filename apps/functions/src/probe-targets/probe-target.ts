/** Tries one task as a client would: is it ready, is it the build that was meant, does it classify, does it refuse what is no photo. */
import { MAX_TOP_K } from '@app/contracts';
import { nameOf, ProbeRequest, Service, Target, TargetReport } from '../probe-report';
import { ask, ProbeFault, Reply } from './ask';
import { judgeAnswers, modelNameOf } from './judge-answers';
import { BROKEN_PHOTO, KNOWN_PHOTO } from './known-photo';
import { AnswerFault, codeOf, describeRefusal, PhotoAnswer, readModelFacts, readPhotoAnswer } from './read-answers';

/** For what needs nobody else. */
const OWN_ANSWER_MS = 5_000;
/** More than the deadline of an answer (20 s), so that the service itself says what it waited for. */
const PHOTO_ANSWER_MS = 25_000;
/** Measured, after one that is not: the first may have to wait for an endpoint that starts cold. */
const MEASURED_ANSWERS = 5;

const PREFIXES: Readonly<Record<Service, string>> = { web: '/api/v1', was: '/v1' };

type Probe = Pick<ProbeRequest, 'service' | 'build' | 'serving' | 'slowMs'> & { readonly signal: AbortSignal };
type Findings = Pick<TargetReport, 'faults' | 'notes' | 'model' | 'medianMs'>;

/** Stops at the first question that has no usable answer. Never throws for what the task does. */
export async function probeTarget(target: Target, probe: Probe): Promise<TargetReport> {
  try {
    await requireReady(target, probe);
    await requireBuild(target, probe);
    return { target: nameOf(target), ...(await tryPhotos(target, probe)) };
  } catch (error) {
    if (!(error instanceof ProbeFault)) throw error;
    return { target: nameOf(target), faults: [error.message], notes: [] };
  }
}

async function requireReady(target: Target, { signal }: Probe): Promise<void> {
  const { status } = await ask(target, { path: '/health/ready', timeoutMs: OWN_ANSWER_MS, signal });
  if (status !== 200) throw new ProbeFault(`It is not ready: /health/ready answers ${status}.`);
}

async function requireBuild(target: Target, { build, signal }: Probe): Promise<void> {
  if (build === undefined) return;
  const { status, json } = await ask(target, { path: '/version', timeoutMs: OWN_ANSWER_MS, signal });
  if (status !== 200) throw new ProbeFault(`It does not tell its version: /version answers ${status}.`);
  const told = typeof json === 'object' && json !== null && 'build' in json ? json.build : undefined;
  if (told !== build) {
    throw new ProbeFault(`It is build ${JSON.stringify(told)}, and the task definition is of build "${build}".`);
  }
}

async function tryPhotos(target: Target, probe: Probe): Promise<Findings> {
  const first = await classify(target, probe, KNOWN_PHOTO);
  if (codeOf(first.json) === 'model-missing') return await withoutModel(probe);
  const answers = [photoAnswer(first)];
  const times: number[] = [];
  while (times.length < MEASURED_ANSWERS) {
    const reply = await classify(target, probe, KNOWN_PHOTO);
    answers.push(photoAnswer(reply));
    times.push(reply.ms);
  }
  const model = await describedModel(target, probe);
  const { faults, notes } = judgeAnswers(answers, model);
  const medianMs = Math.round(times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? 0);
  return {
    faults: [...faults, ...slowness(medianMs, probe), ...(await refusalFaults(target, probe))],
    notes,
    model: modelNameOf({ model }),
    medianMs,
  };
}

/** No fault before there is a first model; but one when it is only the new version that finds none. */
async function withoutModel(probe: Probe): Promise<Findings> {
  const note = 'No model is deployed, so no photo could be tried: only health and build are known to be right.';
  if (probe.serving === undefined) return { faults: [], notes: [note] };
  const reply = await classify(probe.serving, probe, KNOWN_PHOTO).catch((error: unknown) => {
    if (error instanceof ProbeFault) return undefined;
    throw error;
  });
  if (reply?.status !== 200) return { faults: [], notes: [note] };
  return { faults: ['It finds no model, and the version that serves now has one.'], notes: [] };
}

function slowness(medianMs: number, { slowMs }: Probe): string[] {
  return medianMs > slowMs
    ? [`Half of ${MEASURED_ANSWERS} answers took ${medianMs} ms or longer, and ${slowMs} ms are allowed.`]
    : [];
}

async function refusalFaults(target: Target, probe: Probe): Promise<string[]> {
  const { status, json } = await classify(target, probe, BROKEN_PHOTO);
  if (status === 415 && codeOf(json) === 'unsupported-image-format') return [];
  return [`What is no photo is answered with ${describeRefusal(status, json)}, not with 415 unsupported-image-format.`];
}

async function describedModel(target: Target, { service, signal }: Probe) {
  const path = `${PREFIXES[service]}/model`;
  const { status, json } = await ask(target, { path, timeoutMs: PHOTO_ANSWER_MS, signal });
  if (status !== 200)
    throw new ProbeFault(`It does not describe its model: ${path} answers ${describeRefusal(status, json)}.`);
  return understood(`The answer of ${path}`, () => readModelFacts(service, json));
}

async function classify(target: Target, { service, signal }: Probe, body: Buffer): Promise<Reply> {
  const path = `${PREFIXES[service]}/classifications?top_k=${MAX_TOP_K}`;
  return await ask(target, { path, body, timeoutMs: PHOTO_ANSWER_MS, signal });
}

function photoAnswer({ status, json }: Reply): PhotoAnswer {
  if (status !== 200) throw new ProbeFault(`A photo is answered with ${describeRefusal(status, json)}.`);
  return understood('The answer to a photo', () => readPhotoAnswer(json));
}

function understood<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof AnswerFault) throw new ProbeFault(`${what} ${error.message}.`);
    throw error;
  }
}

// Entry point of the SageMaker container image. SageMaker names the job as the first argument: `docker run IMAGE serve`.

/** sysexits.h: EX_USAGE. */
const EXIT_CODE_USAGE = 64;

/** Each loads its own code, so that training does not wait for a web framework. */
const jobs: Readonly<Record<string, () => Promise<void>>> = {
  serve: async () => (await import('./serve-model.js')).serveModel(process.env),
  train: async () => (await import('./training/train.js')).train(process.env),
  evaluate: async () => (await import('./evaluation/evaluate.js')).evaluate(process.env),
};

const [name = ''] = process.argv.slice(2);
const job = Object.hasOwn(jobs, name) ? jobs[name] : undefined;
if (job === undefined) {
  const complaint = name === '' ? 'The job is missing' : `The job "${name}" is unknown`;
  const known = Object.keys(jobs).map((one) => `"${one}"`);
  process.stderr.write(`${complaint}; start the model container with the argument ${known.join(' or ')}.\n`);
  process.exitCode = EXIT_CODE_USAGE;
} else {
  void job();
}

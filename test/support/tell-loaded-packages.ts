// Loaded into a process with `--require`: at its end it tells which packages of OpenTelemetry it had loaded, as a line on stderr.
process.on('exit', () => {
  const packages = Object.keys(require.cache).flatMap(
    (file) => /node_modules\/(@opentelemetry\/[^/]+)/.exec(file)?.[1] ?? [],
  );
  process.stderr.write(`loaded:${[...new Set(packages)].join(',')}\n`);
});

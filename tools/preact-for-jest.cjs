// Preact is published as ES modules alone. Node requires those (20.19, 22.12); Jest's own module loader does so only
// from Node 24.9 on, so tests get the same code as one CommonJS module.
const { buildSync } = require('esbuild');

const { outputFiles } = buildSync({
  stdin: { contents: "export * from 'preact'; export * from 'preact/jsx-runtime';", resolveDir: module.path },
  bundle: true,
  format: 'cjs',
  write: false,
});
new Function('module', outputFiles[0].text)(module);

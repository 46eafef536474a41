// Writes docs/network.md from the templates and stage files; with --check only compares, for `npm run check`.
import { PRODUCT_ROOT } from '@app/platform';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readStage, resolveStage, stageNames } from './cloudformation/stage';
import { loadTemplates, type Template } from './cloudformation/template';
import { networkDiagram } from './network-diagram/network-diagram';

const file = join(PRODUCT_ROOT, 'docs', 'network.md');

const HEAD = `# The network on AWS

Who stands where, who may call whom, and at which port: all from the security groups, load balancers and services of the
[templates](../cloudformation/README.md), for each stage file as it is. An arrow is a connection that is open at both its ends; what has none is
closed. This page is generated (\`node tools/build.mjs && node dist/tools/export-network-diagram.js\`), and \`npm run check\` compares it.
`;

/** Digests and keys that the deploy command gives: no part of the picture. */
function givenAtDeployment(templates: readonly Template[]): Record<string, string> {
  const without = templates.flatMap(({ parameters }) =>
    Object.entries(parameters).filter(([, { Default }]) => Default === undefined),
  );
  return Object.fromEntries(without.map(([name]) => [name, 'given at deployment']));
}

function page(): string {
  const templates = loadTemplates();
  const parts = stageNames().map((name) => {
    const stacks = resolveStage(templates, { ...givenAtDeployment(templates), ...readStage(name) });
    return `## ${name}\n\n\`\`\`mermaid\n${networkDiagram(stacks)}\n\`\`\`\n`;
  });
  return [HEAD, ...parts].join('\n');
}

async function main(): Promise<void> {
  const text = page();
  if (!process.argv.includes('--check')) {
    await writeFile(file, text);
    return;
  }
  const committed = await readFile(file, 'utf8').catch(() => '');
  if (committed === text) return;
  console.error('docs/network.md is not what the templates say. Run: node dist/tools/export-network-diagram.js');
  process.exitCode = 1;
}

void main();

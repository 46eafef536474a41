import { spawnSync } from 'node:child_process';

/** Whether `python3` with NumPy and SciPy is on this machine. */
export function hasPythonReference(): boolean {
  return spawnSync('python3', ['-c', 'import numpy, scipy'], { stdio: 'ignore' }).status === 0;
}

/** Runs a script that finds `data` (parsed JSON) and sets `answer`, and gives that back. Throws with Python's message when it fails. */
export function askPython(script: string, data: unknown): unknown {
  const program = `import json, sys\nimport numpy as np\ndata = json.load(sys.stdin)\n${script}\nprint(json.dumps(answer))`;
  const { status, stdout, stderr } = spawnSync('python3', ['-c', program], {
    input: JSON.stringify(data),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

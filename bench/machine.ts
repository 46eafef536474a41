// On what it was measured.
import { availableCpus } from '@app/onnx';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join, resolve } from 'node:path';

export interface Machine {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  /** Versions by name, Node.js first. */
  readonly versions: Readonly<Record<string, string>>;
}

const PACKAGES = [
  'onnxruntime-node',
  'sharp',
  '@nestjs/core',
  '@aws-sdk/client-sagemaker-runtime',
  'express',
  'multer',
];

export function describeMachine(): Machine {
  const versionOf = (name: string) => {
    const file = join(resolve('node_modules'), name, 'package.json');
    return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version; // npm requires one
  };
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableCpus(),
    memoryGb: Math.round(totalmem() / 1e9),
    system: `${type()} ${release().replace(/-.*/, '')}`,
    versions: {
      'Node.js': process.versions.node,
      ...Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)])),
    },
  };
}

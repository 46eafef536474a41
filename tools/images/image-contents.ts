/** What each image is made of, as far as no import says it. */

export const IMAGE_NAMES = ['web', 'was', 'monitor', 'model'] as const;

export type ImageName = (typeof IMAGE_NAMES)[number];

export interface ImageContents {
  /** Compiled files that something starts: the entry point, and what a worker thread or another process begins with. Below dist/. */
  readonly programs: readonly string[];
  /** Packages that are found by name while the program runs. */
  readonly packages: readonly string[];
  /** Files and folders that are read while the program runs, from the top of the repository. */
  readonly files: readonly string[];
}

/** What Nest looks for by name: its HTTP adapter, and what its pipes check requests with. */
const NEST = ['@nestjs/platform-express', 'class-transformer', 'class-validator'];

export const IMAGE_CONTENTS: Readonly<Record<ImageName, ImageContents>> = {
  web: {
    programs: ['apps/web/src/main.js'],
    packages: [...NEST, 'swagger-ui-dist'], // the latter's files are sent to browsers
    files: ['dist/apps/web/assets'],
  },
  was: { programs: ['apps/was/src/main.js'], packages: NEST, files: [] },
  monitor: { programs: ['apps/monitor/src/main.js'], packages: NEST, files: [] },
  model: {
    programs: [
      'apps/model/src/main.js',
      'apps/model/src/evaluation/exit-with-parent.js',
      'libs/onnx/src/session-pool/session-worker.js',
    ],
    packages: NEST,
    files: ['models/backbones/default/backbone.onnx'],
  },
};

export function isImageName(name: string): name is ImageName {
  return (IMAGE_NAMES as readonly string[]).includes(name);
}

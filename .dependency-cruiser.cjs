// Who may import whom, each rule with its reason. The picture is in docs/architecture.md.
const apps = ['web', 'was', 'monitor', 'model', 'pipeline', 'functions'];

/** Our code outside these places is out of reach for `from`. */
const mayOnlyImport = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^${from}/`, pathNot: '\\.(spec|e2e-spec)\\.tsx?$|/test/' },
  to: { path: '^(apps|libs|tools|test|bench)/', pathNot: [from, ...allowed].map((place) => `^${place}/`).join('|') },
});

/** A package that only one place may import. */
const onlyIn = (packages, places, comment) => ({
  name: `${packages}-only-in-its-place`,
  comment,
  severity: 'error',
  from: {
    path: '^(apps|libs)/',
    pathNot: [...places.map((place) => `^${place}`), '\\.(spec|e2e-spec)\\.tsx?$', '/test/'],
  },
  to: { path: `node_modules/(${packages})/` },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle cannot be understood from any of its ends.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unlisted-package',
      comment: 'What is not in package.json is gone with the next install.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown'] },
    },
    {
      name: 'no-dev-package-in-product',
      comment: 'Images hold production packages only.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '\\.(spec|e2e-spec)\\.tsx?$|/test/|^apps/web/src/browser/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm'] },
    },
    ...apps.map((app) => ({
      name: `no-app-imports-${app}`,
      comment: 'Apps share shapes, not code; they meet over the network.',
      severity: 'error',
      from: { pathNot: `^(apps/${app}|tools|test|bench)/` },
      to: { path: `^apps/${app}/` },
    })),
    mayOnlyImport(
      'web',
      'apps/web',
      ['libs/contracts', 'libs/platform'],
      'The gateway sees neither pixels nor the model.',
    ),
    mayOnlyImport(
      'was',
      'apps/was',
      ['libs/contracts', 'libs/platform', 'libs/imaging'],
      'The business tier reaches the model through the AWS SDK alone.',
    ),
    mayOnlyImport(
      'monitor',
      'apps/monitor',
      ['libs/contracts', 'libs/platform'],
      'Monitoring sees numbers about images, never images.',
    ),
    mayOnlyImport(
      'model',
      'apps/model',
      ['libs/contracts', 'libs/platform', 'libs/imaging', 'libs/onnx', 'libs/learning'],
      'The model container knows nothing of the tiers in front of it.',
    ),
    mayOnlyImport(
      'pipeline',
      'apps/pipeline',
      [
        'libs/contracts',
        'libs/sagemaker-local',
        'libs/model-deployment',
        'libs/learning/src/comparison',
        'libs/learning/src/report',
      ],
      'The command line speaks to SageMaker, here or on AWS; jobs are processes of their own. Pages of both look alike.',
    ),
    mayOnlyImport(
      'functions',
      'apps/functions',
      ['libs/contracts', 'libs/model-deployment'],
      'A Lambda is small: it carries neither Nest nor the model.',
    ),
    mayOnlyImport(
      'model-deployment',
      'libs/model-deployment',
      ['libs/contracts'],
      'Deploying is the same from a Lambda and from the command line.',
    ),
    mayOnlyImport('contracts', 'libs/contracts', [], 'Contracts are what everything else is measured by.'),
    mayOnlyImport('onnx', 'libs/onnx', [], 'The runtime wrapper is of use without any of us.'),
    mayOnlyImport('platform', 'libs/platform', ['libs/contracts'], 'Plumbing knows no business.'),
    mayOnlyImport('imaging', 'libs/imaging', ['libs/contracts'], 'Pixels know neither Nest nor SageMaker.'),
    mayOnlyImport(
      'learning',
      'libs/learning',
      ['libs/contracts', 'libs/imaging', 'libs/onnx'],
      'Learning sees pixels and graphs, not services.',
    ),
    mayOnlyImport('sagemaker-local', 'libs/sagemaker-local', ['libs/contracts'], 'It imitates a service at the wire.'),
    {
      name: 'sagemaker-local-never-in-an-image',
      comment: 'It is for development and tests; no production image holds it.',
      severity: 'error',
      from: { pathNot: '^(libs/sagemaker-local|apps/pipeline|tools|test|bench)/|\\.e2e-spec\\.ts$' },
      to: { path: '^libs/sagemaker-local/' },
    },
    {
      name: 'test-support-only-in-tests',
      comment: 'What tests write and kill is no part of the product.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '\\.(spec|e2e-spec)\\.ts$|/test/|/testing/' },
      to: { path: '^libs/[^/]+/src/testing/' },
    },
    {
      name: 'libs-by-their-door',
      comment: 'A lib is entered by its index; what is behind it may change.',
      severity: 'error',
      from: { path: '^apps/' },
      to: { path: '^libs/', pathNot: '^libs/[^/]+/src/(index|[^/]+/index)\\.ts$' },
    },
    onlyIn(
      '@nestjs/microservices',
      ['apps/monitor/', 'apps/was/src/monitoring/tcp-.*'],
      'Messages between tiers have one transport, in its place.',
    ),
    {
      name: 'opentelemetry-in-one-place',
      comment:
        'It is loaded only when a collector is named. All others know spans and metrics by the door of libs/platform.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '^libs/platform/src/telemetry/sdk/' },
      to: { path: 'node_modules/@opentelemetry/', dependencyTypesNot: ['type-only'] },
    },
    onlyIn('sharp', ['libs/imaging/'], 'One way to turn bytes into pixels.'),
    onlyIn('onnxruntime-node|onnxruntime-common', ['libs/onnx/'], 'Sessions live in worker threads, in one place.'),
    onlyIn(
      '@aws-sdk',
      [
        'apps/was/src/.*/(sagemaker|s3)-.*',
        'apps/monitor/src/state/s3-.*',
        'apps/functions/',
        'apps/pipeline/src/(adapters|definition)/',
        'libs/model-deployment/',
      ],
      'The SDK stays in adapters.',
    ),
    {
      name: 'definition-has-the-types-of-aws-sdk-only',
      comment: 'A pipeline definition holds requests as the SDK types them, and sends none.',
      severity: 'error',
      from: { path: '^apps/pipeline/src/definition/', pathNot: '\\.spec\\.ts$' },
      to: { path: 'node_modules/@aws-sdk/', dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['require', 'node', 'default', 'types'] },
  },
};

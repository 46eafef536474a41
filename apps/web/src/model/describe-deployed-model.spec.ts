import 'reflect-metadata';
import { DeployedModel } from '@app/contracts/classification';
import { describeDeployedModel } from './describe-deployed-model';

const DEPLOYED = {
  model: { name: 'colours', version: '1.0.0', variant: 'blue' },
  description: {
    name: 'colours',
    version: '1.0.0',
    created: '2026-11-20T10:00:00Z',
    explains: false,
    input: { size: 64, resize: 'stretch', mean: [0, 0, 0] },
    temperature: 1.2,
    thresholds: { uncertain: 0.5 },
    labels: [{ id: 'red', name: { en: 'red', ko: '빨강' } }],
  },
} as const satisfies DeployedModel;

const described = (more: object) =>
  describeDeployedModel({ ...DEPLOYED, description: { ...DEPLOYED.description, ...more } }, 'ko');

describe('describeDeployedModel', () => {
  it('is in one language, and says nothing of what the package does not say', () => {
    expect(described({})).toEqual({
      ...DEPLOYED.model,
      created: DEPLOYED.description.created,
      explains: false,
      input: { size: 64, resize: 'stretch' },
      thresholds: { uncertain: 0.5 },
      labels: [{ id: 'red', name: '빨강' }],
    });
  });

  it('tells of data and making what the public may know', () => {
    const { origin } = described({
      data: { name: 'Colours', terms: 'free', trainingImages: 40, counts: { red: 40 }, hash: 'abc', source: { a: 1 } },
      provenance: {
        madeBy: 'a test',
        recipe: ' ',
        backbone: { path: '/models/x' },
        trainingJob: 'job-1',
        license: 'MIT',
      },
    });
    expect(origin).toEqual({ data: 'Colours', terms: 'free', trainingImages: 40, madeBy: 'a test', license: 'MIT' });
  });
});

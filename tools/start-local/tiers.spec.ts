import { tiersOf } from './tiers';

const plan = {
  scripts: { web: '/web.js', was: '/was.js', endpoint: '/endpoint.js' },
  ports: { web: 8000, was: 8081, endpoint: 8080 },
  host: '0.0.0.0',
  model: { packageDir: '/models/mine', isPreferred: false, stateDir: '/state' },
  environment: {},
};

describe('the tiers', () => {
  it('start from the model outwards', () => {
    expect(tiersOf(plan).map(({ name, readyUrl }) => `${name} ${readyUrl}`)).toEqual([
      'endpoint http://127.0.0.1:8080/health',
      'was http://127.0.0.1:8081/health/ready',
      'web http://127.0.0.1:8000/health/ready',
    ]);
  });

  it('are told where the next one is', () => {
    const [endpoint, was, web] = tiersOf(plan).map(({ environment }) => environment);

    expect(endpoint).toMatchObject({
      SAGEMAKER_LOCAL_PORT: '8080',
      SAGEMAKER_LOCAL_PACKAGE_DIR: '/models/mine',
      SAGEMAKER_LOCAL_STATE_DIR: '/state',
      SAGEMAKER_LOCAL_FIRST: 'deployed',
    });
    expect(was).toMatchObject({
      WAS_PORT: '8081',
      WAS_HOST: '127.0.0.1',
      WAS_ENDPOINT_NAME: endpoint?.['SAGEMAKER_LOCAL_ENDPOINT_NAME'],
      AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: 'http://127.0.0.1:8080',
      AWS_REGION: 'us-east-1',
    });
    expect(web).toMatchObject({ WEB_PORT: '8000', WEB_HOST: '0.0.0.0', WEB_WAS_URL: 'http://127.0.0.1:8081' });
  });

  it('begin with the package folder when it is preferred', () => {
    const [endpoint] = tiersOf({ ...plan, model: { ...plan.model, isPreferred: true } });

    expect(endpoint?.environment).toMatchObject({ SAGEMAKER_LOCAL_FIRST: 'package' });
  });

  it('never see the credentials of the person who starts them', () => {
    const environment = {
      AWS_ACCESS_KEY_ID: 'real',
      AWS_SECRET_ACCESS_KEY: 'real',
      AWS_SESSION_TOKEN: 'real',
      AWS_PROFILE: 'real',
      AWS_REGION: 'eu-west-1',
      LOG_LEVEL: 'debug',
    };
    for (const tier of tiersOf({ ...plan, environment })) {
      expect(Object.values(tier.environment)).not.toContain('real');
      expect(tier.environment).toMatchObject({ AWS_REGION: 'eu-west-1', LOG_LEVEL: 'debug' });
    }
  });
});

import { Environment } from '@app/sagemaker-local';
import { SystemPlan, TierName, tiersOf, WITHOUT_MONITOR } from './tiers';

const plan = {
  scripts: { web: '/web.js', was: '/was.js', monitor: '/monitor.js', endpoint: '/endpoint.js' },
  ports: { web: 8000, was: 8081, endpoint: 8080, monitor: { messages: 8082, http: 8083 } },
  host: '0.0.0.0',
  model: { packageDir: '/models/mine', isPreferred: false, stateDir: '/state' },
  feedbackKey: 'a2V5',
  environment: {},
};

function environmentsOf(changes: Partial<SystemPlan> = {}): Partial<Record<TierName, Environment>> {
  return Object.fromEntries(tiersOf({ ...plan, ...changes }).map(({ name, environment }) => [name, environment]));
}

describe('the tiers', () => {
  it('start from the model outwards', () => {
    const ready = tiersOf(plan).map((tier) => `${tier.name} ${'readyUrl' in tier ? tier.readyUrl : tier.without}`);

    expect(ready).toEqual([
      'endpoint http://127.0.0.1:8080/health',
      `monitor ${WITHOUT_MONITOR}`,
      'was http://127.0.0.1:8081/health/ready',
      'web http://127.0.0.1:8000/health/ready',
    ]);
  });

  it('are told where the next one is', () => {
    const { endpoint, monitor, was, web } = environmentsOf();

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
      WAS_MONITOR_HOST: '127.0.0.1',
      WAS_MONITOR_PORT: '8082',
      WAS_FEEDBACK_KEY: 'a2V5',
    });
    expect(monitor).toMatchObject({
      MONITOR_PORT: '8082',
      MONITOR_HTTP_PORT: '8083',
      MONITOR_HOST: '127.0.0.1',
      MONITOR_STATE: '/state/monitor',
      MONITOR_INSTANCE: 'monitor-8082',
    });
    expect(web).toMatchObject({ WEB_PORT: '8000', WEB_HOST: '0.0.0.0', WEB_WAS_URL: 'http://127.0.0.1:8081' });
  });

  it('do without monitor when it has no ports; was may then be told of another one', () => {
    const { web, was, endpoint } = plan.ports;
    const environment = { WAS_MONITOR_HOST: 'monitor.example' };
    const environments = environmentsOf({ ports: { web, was, endpoint }, environment });

    expect(Object.keys(environments)).toEqual(['endpoint', 'was', 'web']);
    expect(environments.was).toMatchObject(environment);
    expect(environments.was).not.toHaveProperty('WAS_MONITOR_PORT');
  });

  it('keep state where the user wants it', () => {
    const environment = { MONITOR_STATE: 's3://mine/monitor', MONITOR_INSTANCE: 'mine', WAS_FEEDBACK_DIR: '/mine' };
    const { monitor, was } = environmentsOf({ environment });

    expect(monitor).toMatchObject({ MONITOR_STATE: 's3://mine/monitor', MONITOR_INSTANCE: 'mine' });
    expect(was).toMatchObject({ WAS_FEEDBACK_DIR: '/mine' });
  });

  it('keep feedback in the bucket that the user names, and not in a folder too', () => {
    const { was } = environmentsOf({ environment: { WAS_FEEDBACK_BUCKET: 'mine' } });

    expect(was).toMatchObject({ WAS_FEEDBACK_BUCKET: 'mine' });
    expect(was).not.toHaveProperty('WAS_FEEDBACK_DIR');
  });

  it('begin with the package folder when it is preferred', () => {
    const { endpoint } = environmentsOf({ model: { ...plan.model, isPreferred: true } });

    expect(endpoint).toMatchObject({ SAGEMAKER_LOCAL_FIRST: 'package' });
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

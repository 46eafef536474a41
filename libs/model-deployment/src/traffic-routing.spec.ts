import { rolloutOfInstances } from './traffic-routing';

const part = (shift: 'canary' | 'linear', percent: number, instanceCount: number): number | undefined => {
  const { deploymentConfig } = rolloutOfInstances(
    { traffic: { shift, percent, waitSeconds: 60 }, terminationWaitSeconds: 0, maximumSeconds: 600, alarms: [] },
    instanceCount,
  );
  const routing = deploymentConfig?.BlueGreenUpdatePolicy?.TrafficRoutingConfiguration;
  return (routing?.CanarySize ?? routing?.LinearStepSize)?.Value;
};

describe('parts of traffic', () => {
  it.each([2, 3, 4, 5, 7, 10, 11, 25, 99])('are whole instances within SageMaker’s limits, of %i', (instanceCount) => {
    for (let percent = 10; percent <= 50; percent++) {
      for (const shift of ['canary', 'linear'] as const) {
        const size = part(shift, percent, instanceCount) ?? 0;
        expect(size).toBeGreaterThanOrEqual(instanceCount / 10);
        expect(size).toBeLessThanOrEqual(instanceCount / 2);
        expect(Number.isInteger(size)).toBe(true);
      }
    }
  });

  it('are at least one instance', () => {
    expect(part('canary', 1, 2)).toBe(1);
  });

  it('are none where there is one instance', () => {
    expect(part('linear', 10, 1)).toBeUndefined();
  });
});

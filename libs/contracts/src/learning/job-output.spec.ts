import { metricExpression, metricLine, TRAINING_METRICS } from './job-output';

it.each([0.9701234567, 1e-9, 0, 1, 1234.5])('prints %d so that the expression finds it', (value) => {
  for (const { name } of TRAINING_METRICS) {
    const [, found] = new RegExp(metricExpression(name)).exec(metricLine(name, value)) ?? [];
    expect(Number(found)).toBeCloseTo(value, 6);
  }
});

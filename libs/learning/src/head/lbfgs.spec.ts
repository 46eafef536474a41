import { Evaluation, minimise } from './lbfgs';

/** (1 - x)^2 + 100 (y - x^2)^2: a long bent valley with its minimum at (1, 1). */
async function rosenbrock([x = 0, y = 0]: Float64Array): Promise<Evaluation> {
  await Promise.resolve();
  return {
    value: (1 - x) ** 2 + 100 * (y - x * x) ** 2,
    gradient: Float64Array.of(-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)),
  };
}

describe('minimise', () => {
  it('finds the minimum of a bent valley', async () => {
    const { point, converged, evaluations } = await minimise(rosenbrock, Float64Array.of(-1.2, 1), { tolerance: 1e-8 });

    expect(converged).toBe(true);
    expect(point[0]).toBeCloseTo(1, 6);
    expect(point[1]).toBeCloseTo(1, 6);
    expect(evaluations).toBeLessThan(80);
  });

  it('does nothing where it begins at the minimum', async () => {
    const result = await minimise(rosenbrock, Float64Array.of(1, 1));

    expect(result).toMatchObject({ iterations: 0, evaluations: 1, converged: true });
  });

  it('stops when it is told to, with the best point so far', async () => {
    const values: number[] = [];
    const result = await minimise(rosenbrock, Float64Array.of(-1.2, 1), {
      onIteration: (iteration, value) => values.push(value) > 0 && iteration < 5,
    });

    expect(result).toMatchObject({ iterations: 5, converged: false, value: Math.min(...values) });
  });

  it('walks around places where the function has no value', async () => {
    // x - log(x): its minimum is at 1, and there is nothing at or below 0.
    const evaluate = async ([x = 0]: Float64Array) => {
      await Promise.resolve();
      return { value: x - Math.log(x), gradient: Float64Array.of(1 - 1 / x) };
    };

    const { point, converged } = await minimise(evaluate, Float64Array.of(4));

    expect(converged).toBe(true);
    expect(point[0]).toBeCloseTo(1, 4);
  });

  it('gives up where the gradient is wrong rather than going on for ever', async () => {
    const uphill = async ([x = 0]: Float64Array) => {
      await Promise.resolve();
      return { value: x, gradient: Float64Array.of(-1) };
    };

    expect(await minimise(uphill, Float64Array.of(0))).toMatchObject({ converged: false, iterations: 0 });
  });
});

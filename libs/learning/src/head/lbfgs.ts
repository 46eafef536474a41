// Limited-memory BFGS (Nocedal and Wright, Numerical Optimization, 2006, algorithms 7.4 and 7.5) for functions that are computed
// elsewhere and take a while. Own, because npm has none that is maintained and takes an asynchronous function. Knows no classifier.

export interface Evaluation {
  readonly value: number;
  readonly gradient: Float64Array;
}

export interface LbfgsOptions {
  /** Converged when no component of the gradient is larger. Default 1e-5. */
  readonly tolerance?: number;
  /** Default 500. */
  readonly maxIterations?: number;
  /** Told after each iteration; when it gives false, the best point so far is the result. */
  readonly onIteration?: (iteration: number, value: number) => boolean;
}

export interface LbfgsResult extends Evaluation {
  readonly point: Float64Array;
  readonly iterations: number;
  readonly evaluations: number;
  readonly converged: boolean;
}

/** Pairs of steps and changes of the gradient that are kept. */
const MEMORY = 10;
/** Wolfe's constants: share of the promised decrease, and of the slope, that a step has to bring (Nocedal and Wright, 3.1). */
const SUFFICIENT_DECREASE = 1e-4;
const SUFFICIENT_CURVATURE = 0.9;
/** A line search gives up then: rounding hides what is left to gain. */
const MAX_STEPS_IN_A_LINE = 25;

/** Minimises a smooth function from `start` on. Deterministic where `evaluate` is. */
export async function minimise(
  evaluate: (point: Float64Array) => Promise<Evaluation>,
  start: Float64Array,
  { tolerance = 1e-5, maxIterations = 500, onIteration }: LbfgsOptions = {},
): Promise<LbfgsResult> {
  const pairs: Pair[] = [];
  let evaluations = 1;
  let point = start;
  let current = await evaluate(point);
  const result = (iterations: number, converged: boolean) => ({
    ...current,
    point,
    iterations,
    evaluations,
    converged,
  });

  for (let iteration = 0; iteration < maxIterations; iteration += 1) {
    if (largest(current.gradient) <= tolerance) return result(iteration, true);
    const direction = descent(current.gradient, pairs);
    const first = pairs.length === 0 ? 1 / Math.max(1, Math.sqrt(dot(current.gradient, current.gradient))) : 1;
    const line = await searchLine(evaluate, point, current, direction, first);
    evaluations += line.evaluations;
    if (line.found === undefined) return result(iteration, false);

    const { at, evaluation } = line.found;
    remember(pairs, difference(at, point), difference(evaluation.gradient, current.gradient));
    point = at;
    current = evaluation;
    if (onIteration?.(iteration + 1, current.value) === false) return result(iteration + 1, false);
  }
  return result(maxIterations, largest(current.gradient) <= tolerance);
}

interface Line {
  readonly found?: { readonly at: Float64Array; readonly evaluation: Evaluation };
  readonly evaluations: number;
}

/** Weak Wolfe conditions by doubling and bisection (Lewis and Overton 2013, Mathematical Programming 141). */
async function searchLine(
  evaluate: (point: Float64Array) => Promise<Evaluation>,
  from: Float64Array,
  { value, gradient }: Evaluation,
  direction: Float64Array,
  first: number,
): Promise<Line> {
  const slope = dot(gradient, direction);
  let [low, high, step] = [0, Infinity, first];
  for (let evaluations = 1; evaluations <= MAX_STEPS_IN_A_LINE; evaluations += 1) {
    const at = from.map((start, index) => start + step * (direction[index] ?? 0));
    const evaluation = await evaluate(at);
    // Written so that a value that is no number counts as too large.
    if (!(evaluation.value <= value + SUFFICIENT_DECREASE * step * slope)) high = step;
    else if (dot(evaluation.gradient, direction) < SUFFICIENT_CURVATURE * slope) low = step;
    else return { found: { at, evaluation }, evaluations };
    step = high === Infinity ? 2 * low : (low + high) / 2;
  }
  return { evaluations: MAX_STEPS_IN_A_LINE };
}

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  /** 1 / (step . change) */
  readonly rho: number;
}

function remember(pairs: Pair[], step: Float64Array, change: Float64Array): void {
  const curvature = dot(step, change);
  if (curvature <= 0) return; // only rounding brings it that far
  pairs.push({ step, change, rho: 1 / curvature });
  if (pairs.length > MEMORY) pairs.shift();
}

/** The two-loop recursion: minus the approximate inverse Hessian times the gradient. */
function descent(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const direction = gradient.map((value) => -value);
  const shares = pairs.map(() => 0);
  for (const [index, { step, change, rho }] of [...pairs.entries()].reverse()) {
    const share = rho * dot(step, direction);
    shares[index] = share;
    addScaled(direction, change, -share);
  }
  const last = pairs.at(-1);
  if (last !== undefined) {
    const scale = 1 / (last.rho * dot(last.change, last.change));
    direction.forEach((value, index) => (direction[index] = value * scale));
  }
  for (const [index, { step, change, rho }] of pairs.entries()) {
    addScaled(direction, step, (shares[index] ?? 0) - rho * dot(change, direction));
  }
  return direction;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}

function addScaled(target: Float64Array, values: Float64Array, factor: number): void {
  for (let index = 0; index < target.length; index += 1) {
    target[index] = (target[index] ?? 0) + factor * (values[index] ?? 0);
  }
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, index) => value - (b[index] ?? 0));
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

// From logits to calibrated probabilities. Arrays hold one value per label, in the order of `model.json`.

/** log(sum(exp(value / temperature))), without overflow. */
export function logSumExp(values: Float32Array, temperature: number): number {
  let max = -Infinity;
  for (const value of values) if (value > max) max = value;
  let sum = 0;
  for (const value of values) sum += Math.exp((value - max) / temperature);
  return max / temperature + Math.log(sum);
}

/** exp(value / temperature) / sum(exp(value / temperature)): Guo et al. 2017, arXiv 1706.04599. */
export function softmax(logits: Float32Array, temperature: number): Float32Array {
  const norm = logSumExp(logits, temperature);
  return logits.map((logit) => Math.exp(logit / temperature - norm));
}

/** Energy -T * log(sum(exp(logit / T))); the higher, the less like the training data: Liu et al. 2020, arXiv 2010.03759. */
export function energy(logits: Float32Array, temperature: number): number {
  return -temperature * logSumExp(logits, temperature);
}

/** Positions of the `count` largest values, largest first; of equal ones the first. */
export function topIndices(values: Float32Array, count: number): number[] {
  return Array.from(values.keys())
    .sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0))
    .slice(0, count);
}

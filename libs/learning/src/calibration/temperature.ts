/** Where the temperature is looked for: beyond, scores are all but certain or all but alike. */
const [LOWEST, HIGHEST] = [0.05, 20];
/** Halves the range of log T to less than 1e-9. */
const STEPS = 34;

/**
 * The temperature by which logits are divided so that the log loss on validation images is least (Guo et al. 2017, arXiv
 * 1706.04599), between 0.05 and 20. In 1 / T the loss is convex, so its slope is followed by bisection.
 *
 * One imagined image for which every class is as likely as another is counted with the others: without it, a validation set
 * without a mistake would ask for endless confidence (as Platt 1999 smooths his targets). 1 without images.
 */
export function fitTemperature(logits: Float32Array, labels: Uint32Array, classes: number): number {
  if (labels.length === 0) return 1;
  let [low, high] = [Math.log(LOWEST), Math.log(HIGHEST)];
  for (let step = 0; step < STEPS; step += 1) {
    const middle = (low + high) / 2;
    // Positive: the loss grows with 1 / T, so T has to be larger.
    if (slope(logits, labels, classes, Math.exp(-middle)) > 0) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}

/** d loss / d (1 / T), summed: the expected logit less the one of the right class; of the imagined image, less the mean. */
function slope(logits: Float32Array, labels: Uint32Array, classes: number, inverse: number): number {
  let total = 0;
  let imagined = 0;
  labels.forEach((label, row) => {
    const start = row * classes;
    let top = -Infinity;
    for (let at = start; at < start + classes; at += 1) top = Math.max(top, logits[at] ?? 0);
    let [mass, weighed, plain] = [0, 0, 0];
    for (let at = start; at < start + classes; at += 1) {
      const logit = logits[at] ?? 0;
      const share = Math.exp((logit - top) * inverse);
      mass += share;
      weighed += share * logit;
      plain += logit;
    }
    total += weighed / mass - (logits[start + label] ?? 0);
    imagined += (weighed / mass - plain / classes) / labels.length;
  });
  return total + imagined;
}

// Classifications as a model might give them, made of seeded random numbers: sketches that are correlated and cluster by label, labels by
// their shares, image properties of different shapes. What they are made of can be shifted.
import { ClassificationEvent, ModelBaseline } from '@app/contracts/monitoring';
import { randomUUID } from 'node:crypto';
import { FirstImages } from '../../src/drift/first-images';

export const MODEL = { name: 'flowers', version: '1.0.0' };
const DIMENSION = 32;
const FACTORS = 10;

export interface Traffic {
  readonly labelShares: Readonly<Record<string, number>>;
  /** In standard deviations. */
  readonly brightness: number;
  readonly sharpness: number;
  readonly outOfSet: number;
  /** Mahalanobis distance by which the mean of the sketches is moved. */
  readonly sketch: number;
  /** Sizes in pixels, each as likely as the others. */
  readonly sizes: readonly (readonly [width: number, height: number])[];
}

export const USUAL: Traffic = {
  labelShares: { daisy: 0.35, rose: 0.25, tulip: 0.2, lily: 0.15, iris: 0.05 },
  brightness: 0,
  sharpness: 0,
  outOfSet: 0,
  sketch: 0,
  sizes: [
    [4032, 3024],
    [3264, 2448],
    [1920, 1080],
    [256, 256],
  ],
};

export class TrafficSource {
  private readonly mixing: readonly (readonly number[])[];
  private readonly centres = new Map<string, readonly number[]>();
  private readonly random: () => number;

  constructor(seed: number) {
    this.random = seededRandom(seed);
    this.mixing = Array.from({ length: DIMENSION }, () => Array.from({ length: FACTORS }, () => this.normal()));
  }

  /** `at`: when the first is answered; the others follow by `everyMs`. */
  events(count: number, changes: Partial<Traffic> = {}, at = 0, everyMs = 0): ClassificationEvent[] {
    return Array.from({ length: count }, (_, index) => this.event({ ...USUAL, ...changes }, at + index * everyMs));
  }

  /** Some of these, chosen by chance. */
  draw(count: number, population: readonly ClassificationEvent[]): ClassificationEvent[] {
    const one = () => population[Math.floor(this.random() * population.length)];
    return Array.from({ length: count }, one).filter((event) => event !== undefined);
  }

  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.random())) * Math.cos(2 * Math.PI * this.random());
  }

  private event(traffic: Traffic, at: number): ClassificationEvent {
    const label = this.choose(traffic.labelShares);
    const score = 1 - 0.7 * this.random() ** 3;
    const [width, height] = traffic.sizes[Math.floor(this.random() * traffic.sizes.length)] ?? [1, 1];
    return {
      id: randomUUID(),
      at,
      model: MODEL,
      decision: score < 0.5 ? 'uncertain' : 'label',
      label,
      score,
      margin: score / 2,
      outOfSetScore: this.normal() + traffic.outOfSet,
      width,
      height,
      brightness: 0.5 + 0.15 * (this.normal() + traffic.brightness),
      contrast: Math.abs(0.2 + 0.05 * this.normal()),
      sharpness: Math.exp(this.normal() + traffic.sharpness),
      sketch: this.sketch(label, traffic.sketch),
      latencyMs: 20 + 10 * Math.exp(this.normal()),
    };
  }

  private sketch(label: string, distance: number): number[] {
    let centre = this.centres.get(label);
    if (centre === undefined) {
      centre = Array.from({ length: FACTORS }, () => this.normal());
      this.centres.set(label, centre);
    }
    const factors = centre.map((value) => value + this.normal());
    // Between the dimensions there is noise of variance 1, and a step of alternating signs runs mostly in it.
    return this.mixing.map((loads, dimension) => {
      const common = loads.reduce((sum, load, factor) => sum + load * (factors[factor] ?? 0), 0);
      return common + this.normal() + ((distance * 1.2) / Math.sqrt(DIMENSION)) * (dimension % 2 === 0 ? 1 : -1);
    });
  }

  private choose(shares: Readonly<Record<string, number>>): string {
    let left = this.random();
    for (const [label, share] of Object.entries(shares)) {
      left -= share;
      if (left < 0) return label;
    }
    return Object.keys(shares)[0] ?? '';
  }
}

/** As a model package has it, measured on these images. */
export function baselineOf(events: readonly ClassificationEvent[]): NonNullable<ModelBaseline['baseline']> {
  const images = new FirstImages();
  for (const event of events) images.add(event);
  return { featureMean: [], featureVariance: [], ...images.toBaseline() };
}

/** mulberry32 (Tommy Ettinger). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

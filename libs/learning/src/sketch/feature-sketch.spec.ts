import { seededRandom } from '../head';
import { featureSketch } from './feature-sketch';

const DIMENSION = 512;
const unit = (index: number) => Float32Array.from({ length: DIMENSION }, (_, at) => (at === index ? 1 : 0));

/** Made by another program from the definition; a sketch that differs makes every baseline that was ever written worthless. */
const GOLDEN = {
  features: [0.5, -1.25, 2, 0, 3.5, -0.75],
  sumsOfSigned: [
    1.5, 1.5, -1.5, -3, 0.5, 4, -5.5, -3, -5.5, 3, -7, -1, 4, -7, -3, 0.5, -1.5, 2.5, -8, 1.5, -8, -1, 3, -1.5, -8, 1.5,
    0, -4.5, -4, -5.5, -8, 8,
  ],
};

describe('featureSketch', () => {
  it('never changes', () => {
    const { features, sumsOfSigned } = GOLDEN;

    const sketch = featureSketch(Float32Array.from(features));

    expect(sketch).toEqual(sumsOfSigned.map((sum) => expect.closeTo(sum / Math.sqrt(features.length), 12) as number));
  });

  it('has directions that say different things', () => {
    const columns = Array.from({ length: DIMENSION }, (_, index) => featureSketch(unit(index)));
    const [first = []] = columns;

    // The cosine of two random directions is about 1 / sqrt(512) = 0.044; six times that is out of reach of chance.
    for (const one of first.keys()) {
      for (const other of first.keys()) {
        const cosine = columns.reduce((sum, signs) => sum + (signs[one] ?? 0) * (signs[other] ?? 0), 0);
        expect(Math.abs(cosine - (one === other ? 1 : 0))).toBeLessThan(one === other ? 1e-9 : 0.27);
      }
    }
  });

  it('about keeps distances', () => {
    const random = seededRandom(5);
    const features = () => Float32Array.from({ length: DIMENSION }, () => random() - 0.5);
    const length = (values: ArrayLike<number>) => Math.hypot(...Array.from(values));

    const ratios = Array.from({ length: 100 }, () => {
      const [one, other] = [features(), features()];
      const difference = one.map((value, at) => value - (other[at] ?? 0));
      const [sketch, otherSketch] = [featureSketch(one), featureSketch(other)];
      const sketched = sketch.map((value, at) => value - (otherSketch[at] ?? 0));
      return length(sketched) / Math.sqrt(sketch.length) / (length(difference) / Math.sqrt(DIMENSION));
    });

    expect(ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length).toBeCloseTo(1, 1);
    expect(Math.max(...ratios.map((ratio) => Math.abs(ratio - 1)))).toBeLessThan(0.6);
  });
});

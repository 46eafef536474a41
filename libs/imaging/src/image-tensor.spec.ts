import { imageTensor } from './image-tensor';

describe('imageTensor', () => {
  const pixels = Uint8Array.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 51, 102, 153]); // 2 x 2 pixels
  const view = { size: 2, resize: 'stretch' } as const;

  it('leaves uint8 as it is', () => {
    expect(imageTensor(pixels, view)).toEqual({ type: 'uint8', dims: [1, 2, 2, 3], data: pixels });
  });

  it('puts float32 channel by channel, normalised', () => {
    const { dims, data } = imageTensor(pixels, { ...view, type: 'float32', mean: [0, 0, 0.2], std: [1, 1, 0.5] });

    expect(dims).toEqual([1, 3, 2, 2]);
    const expected = [1, 0, 0, 0.2, 0, 1, 0, 0.4, -0.4, -0.4, 1.6, 0.8];
    expect(Array.from(data, (value) => Math.round(value * 1e5) / 1e5)).toEqual(expected);
  });
});

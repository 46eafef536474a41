import { HeatmapResponse } from '@app/contracts/classification';
import { cellsOf, sawOnlyPart, whereItLooked } from './where-it-looked';

const WHOLE = { x: 0, y: 0, width: 1, height: 1 };

function heatmap(width: number, values: readonly number[], region = WHOLE): HeatmapResponse {
  return { label: 'n1', width, height: values.length / width, values, region };
}

// prettier-ignore
const UPPER_LEFT = [
  1, 1, 0, 0,
  1, 1, 0, 0,
  0, 0, 0, 0,
  0, 0, 0, 0,
];

describe('whereItLooked', () => {
  it('names the part that spoke most', () => {
    expect(whereItLooked(heatmap(4, UPPER_LEFT))).toEqual(['upper-left']);
  });

  it('names parts that spoke about as much, strongest first', () => {
    // prettier-ignore
    const values = [
      0.9, 0, 0,
      0, 1, 0,
      0, 0, 0.3,
    ];
    expect(whereItLooked(heatmap(3, values))).toEqual(['centre', 'upper-left']);
  });

  it('speaks of the whole image: what the model saw of it may be its middle', () => {
    // The left column of a square in the middle of a panorama is the centre of the panorama.
    expect(whereItLooked(heatmap(2, [1, 0, 1, 0], { x: 0.4, y: 0, width: 0.2, height: 1 }))).toEqual([
      'top',
      'centre',
      'bottom',
    ]);
  });

  it.each([
    ['everything speaks alike', [1, 1, 1, 1]],
    ['nothing speaks', [0, 0, 0, 0]],
  ])('names nothing when %s', (_case, values) => {
    expect(whereItLooked(heatmap(2, values))).toEqual([]);
  });
});

describe('cellsOf', () => {
  it('places cells row by row within the region that the model saw', () => {
    const cells = cellsOf(heatmap(2, [0.1, 0.2, 0.3, 0.4], { x: 0.25, y: 0, width: 0.5, height: 1 }));
    expect(cells[1]).toEqual({ left: 0.5, top: 0, right: 0.75, bottom: 0.5, value: 0.2 });
    expect(cells[2]).toEqual({ left: 0.25, top: 0.5, right: 0.5, bottom: 1, value: 0.3 });
  });
});

describe('sawOnlyPart', () => {
  it('tells a cropped image from a whole one', () => {
    expect(sawOnlyPart(heatmap(1, [1], { x: 0.1, y: 0, width: 0.8, height: 1 }))).toBe(true);
    expect(sawOnlyPart(heatmap(1, [1]))).toBe(false);
  });
});

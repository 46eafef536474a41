import { HeatmapResponse } from '@app/contracts/classification';

// Says in words what a heatmap shows, for those who cannot see it.

// prettier-ignore
export const ZONES = [
  'upper-left', 'top', 'upper-right',
  'left', 'centre', 'right',
  'lower-left', 'bottom', 'lower-right',
] as const;
export type Zone = (typeof ZONES)[number];

/** A zone is named when it spoke at least this much of what the strongest zone did. */
const NAMED_SHARE = 0.8;

/** More names than this say no more than "everywhere". */
const MAX_NAMED_ZONES = 3;

/** A zone that the model saw less of than this is not spoken of. */
const MIN_SEEN_SHARE = 0.25;

/**
 * The ninths of the upright image that spoke most for the label, strongest first; empty when no part stands out.
 * A zone's strength is the mean of the cells over it, by the area that they share.
 */
export function whereItLooked(heatmap: HeatmapResponse): readonly Zone[] {
  const strengths = ZONES.map((zone, index) => {
    const left = (index % 3) / 3;
    const top = Math.floor(index / 3) / 3;
    return { zone, strength: meanOver(heatmap, { left, top, right: left + 1 / 3, bottom: top + 1 / 3 }) };
  });
  const strongest = Math.max(...strengths.map(({ strength }) => strength));
  if (strongest <= 0) return [];
  const named = strengths.filter(({ strength }) => strength >= strongest * NAMED_SHARE);
  if (named.length > MAX_NAMED_ZONES) return [];
  return named.sort((a, b) => b.strength - a.strength).map(({ zone }) => zone);
}

/** Whether the model saw less than the whole image. */
export function sawOnlyPart({ region }: HeatmapResponse): boolean {
  return region.width < 0.99 || region.height < 0.99;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The cells of a heatmap as boxes in fractions of the upright image, with their values. */
export function cellsOf({ width, height, values, region }: HeatmapResponse): readonly (Box & { value: number })[] {
  return values.map((value, index) => {
    const left = region.x + ((index % width) / width) * region.width;
    const top = region.y + (Math.floor(index / width) / height) * region.height;
    return { left, top, right: left + region.width / width, bottom: top + region.height / height, value };
  });
}

function meanOver(heatmap: HeatmapResponse, zone: Box): number {
  let area = 0;
  let sum = 0;
  for (const cell of cellsOf(heatmap)) {
    const shared =
      overlap(cell.left, cell.right, zone.left, zone.right) * overlap(cell.top, cell.bottom, zone.top, zone.bottom);
    area += shared;
    sum += shared * cell.value;
  }
  return area < MIN_SEEN_SHARE / ZONES.length ? 0 : sum / area;
}

function overlap(startA: number, endA: number, startB: number, endB: number): number {
  return Math.max(0, Math.min(endA, endB) - Math.max(startA, startB));
}

export const SCORE_TENTHS = 10;

/** The tenth between 0 and 1 in which a score lies; 1 itself is in the last. */
export function tenthOf(score: number): number {
  return Math.min(SCORE_TENTHS - 1, Math.floor(score * SCORE_TENTHS));
}

/** The default of `{{random}}` in an evaluation (1 to 100): fixed, so that the evaluation can be repeated. */
export const RANDOM_DEFAULT = 50;
export const RANDOM_MAX = 100;

/**
 * Returns a source of randomness that always draws this number of 1 to 100. It draws from the middle of the number's
 * range, so that rounding cannot give a neighbour.
 */
export function drawAlways(number: number): () => number {
  const drawn = (number - 0.5) / RANDOM_MAX;
  return () => drawn;
}

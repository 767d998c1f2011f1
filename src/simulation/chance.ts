/** What `{{random}}` is (1 to 100) where an evaluation does not say: never drawn, so that it can be repeated. */
export const RANDOM_DEFAULT = 50;
export const RANDOM_MAX = 100;

/** A source of randomness that always draws this number of 1 to 100; in the middle, so that rounding cannot give its neighbour. */
export function drawAlways(number: number): () => number {
  const drawn = (number - 0.5) / RANDOM_MAX;
  return () => drawn;
}

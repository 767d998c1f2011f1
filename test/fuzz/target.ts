import type { Random } from './random.ts';

/** One thing that reads texts from strangers, and how to make texts for it. */
export interface FuzzTarget {
  name: string;
  /** Pieces of its language, put into inputs by the mutation. */
  tokens: readonly [string, ...string[]];
  /** An input from its grammar, mostly well-formed. */
  generate(random: Random): string;
  /**
   * Does everything the product would do with the input and checks what must hold of the result. Answers what kind
   * of end it came to, as a short text: an input with an end not seen before is kept in the corpus. Throws when
   * something is wrong.
   */
  run(input: string): string;
}

/** Says what must hold and does not; `run` of a target throws it. */
export function mustHold(condition: boolean, what: string): void {
  if (!condition) throw new Error(`does not hold: ${what}`);
}

/** A message without what it quotes from the input, so that one fault is one kind. */
export function kindOfMessage(message: string): string {
  return message
    .replace(/"[\s\S]*"/g, '""')
    .replace(/\{\{[\s\S]*\}\}/g, '{{}}')
    .replace(/Char: [\s\S]*/, 'Char')
    .replace(/\d+/g, '0')
    .slice(0, 60);
}

/** The magnitude of a size: 0, 1, 2, 4, 8 …, so that only a change of scale is news. */
export function magnitude(size: number): number {
  return size === 0 ? 0 : 2 ** Math.floor(Math.log2(size));
}

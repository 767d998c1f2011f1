import type { Random } from './random.ts';

/** Longer inputs are cut: they find the same faults more slowly; what is large is in `test/hostile`. */
export const INPUT_CHARACTERS_MAX = 4_096;

/** Texts that have broken parsers before: names of the prototype, odd Unicode, ends and edges of numbers. */
const HOSTILE = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '\0',
  '\ud800',
  '\udc00',
  '\u2028',
  '\ufeff',
  '\u00a0',
  '𝒳',
  'İ',
  'ß',
  '\r\n',
  '\\',
  '"',
  "'",
  '9007199254740993',
  '1e999',
  '-0',
  'NaN',
  '',
  ' ',
] as const;

interface Material {
  tokens: readonly [string, ...string[]];
  /** Another input of the corpus, to cross with. */
  other: string;
}

type Mutation = (input: string, random: Random, material: Material) => string;

/** `deleted` characters at `at` give way to `inserted`. */
function splice(input: string, at: number, deleted: number, inserted: string): string {
  return input.slice(0, at) + inserted + input.slice(at + deleted);
}

const MUTATIONS: readonly [Mutation, ...Mutation[]] = [
  (input, random, { tokens }) => splice(input, random.below(input.length + 1), 0, random.pick(tokens)),
  (input, random, { tokens }) => splice(input, random.below(input.length + 1), random.below(8), random.pick(tokens)),
  (input, random) => splice(input, random.below(input.length + 1), 0, random.pick(HOSTILE)),
  (input, random) => splice(input, random.below(input.length + 1), 1 + random.below(8), ''),
  (input, random) => splice(input, random.below(input.length + 1), 1, String.fromCharCode(random.below(0x10000))),
  (input, random) => splice(input, random.below(input.length + 1), 1, String.fromCharCode(random.below(0x80))),
  // A piece once more, or many times over: nesting and repetition.
  (input, random) => {
    const start = random.below(input.length + 1);
    const piece = input.slice(start, start + 1 + random.below(16));
    return splice(input, start, 0, piece.repeat(random.oneIn(8) ? random.below(200) : 1 + random.below(3)));
  },
  (input, random, { other }) =>
    input.slice(0, random.below(input.length + 1)) + other.slice(random.below(other.length + 1)),
];

/** An input changed in one to four places. */
export function mutate(input: string, random: Random, material: Material): string {
  let mutated = input;
  for (let changes = 1 + random.below(4); changes > 0; changes -= 1) {
    mutated = random.pick(MUTATIONS)(mutated, random, material);
  }
  return mutated.slice(0, INPUT_CHARACTERS_MAX);
}

/** The parts of a person's name as it is written in one field. Absent parts are blank. */
export interface FullName {
  salutation: string;
  first_name: string;
  middle_name: string;
  last_name: string;
  suffix: string;
}

export const NAME_PARTS = ['salutation', 'first_name', 'middle_name', 'last_name', 'suffix'] as const;

/** A name has fewer words; what is longer is no name, and is not taken apart further. */
const WORDS_MAX = 50;

const SALUTATIONS = new Set(
  'mr mrs ms miss mx dr prof professor sir madam dame rev reverend fr father hon judge capt captain col colonel gen general lt lieutenant maj major sgt sergeant pastor rabbi sister brother'.split(
    ' ',
  ),
);
const SUFFIXES = new Set(
  'jr sr jnr snr junior senior i ii iii iv v vi esq esquire md phd dds dvm cpa jd do rn pe mba dmd od pharmd'.split(
    ' ',
  ),
);
/** Words a family name may begin with; they and all after them are the family name. */
const PARTICLES = new Set(
  'van von der den de del della di da dal das dos du la le lo los las ter ten ver bin ibn al el af av zu zum zur st san santa mac o'.split(
    ' ',
  ),
);
const CONJUNCTIONS = new Set(['&', 'and', 'und', 'y', 'et']);

/**
 * Takes a full name apart (fixture integration-utils.jsonl): a salutation in front, suffixes behind, one first name, a
 * family name with its particles, and what is between. `Dr. Ann B. Ray Jr.` has salutation `Dr.` and suffix `Jr`; two
 * people, `Bob & Sue Jones`, have both first names. `Ray, Ann B.` is read from behind.
 */
export function parseFullName(text: string): FullName {
  const words = wordsOf(text);
  const salutation = takeWhile(words, 'front', SALUTATIONS).join(' ');
  const suffix = takeWhile(words, 'back', SUFFIXES)
    .map((word) => word.replace(/\.$/, ''))
    .join(', ');
  const [first = ''] = words;
  const isPair = words.length > 3 && CONJUNCTIONS.has(normal(words[1]));
  const firstName = isPair ? `${first} ${words[2]}` : first;
  const rest = words.slice(isPair ? 3 : 1);
  const conjunction = isPair ? [words[1] ?? ''] : [];
  const lastAt = startOfLastName(rest);
  return {
    salutation,
    first_name: firstName,
    middle_name: [...conjunction, ...rest.slice(0, lastAt)].join(' '),
    last_name: rest.slice(lastAt).join(' '),
    suffix,
  };
}

/** `Family, Given` is turned round; `Name, Jr.` is not. */
function wordsOf(text: string): string[] {
  const [before = '', ...behind] = text.split(',').map((part) => part.trim());
  const isSuffixOnly = behind.every(
    (part) => part === '' || part.split(/\s+/).every((word) => SUFFIXES.has(normal(word))),
  );
  const ordered = isSuffixOnly ? [before, ...behind] : [...behind, before];
  return ordered
    .join(' ')
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, WORDS_MAX);
}

/** Removes known words from one end, but never the last word that is left. */
function takeWhile(words: string[], end: 'front' | 'back', known: ReadonlySet<string>): string[] {
  const taken: string[] = [];
  while (words.length > 1 && known.has(normal(end === 'front' ? words[0] : words.at(-1)))) {
    if (end === 'front') taken.push(words.shift() ?? '');
    else taken.unshift(words.pop() ?? '');
  }
  return taken;
}

/** From the first particle on, else the last word. */
function startOfLastName(rest: readonly string[]): number {
  const particle = rest.findIndex((word, at) => at < rest.length - 1 && PARTICLES.has(normal(word)));
  return particle >= 0 ? particle : Math.max(0, rest.length - 1);
}

function normal(word: string | undefined): string {
  return (word ?? '').replace(/\./g, '').toLowerCase();
}

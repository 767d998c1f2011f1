/** The parts of a person's name as it is written in one field. Absent parts are blank. */
export interface FullName {
  salutation: string;
  first_name: string;
  middle_name: string;
  last_name: string;
  suffix: string;
}

export const NAME_PARTS = ['salutation', 'first_name', 'middle_name', 'last_name', 'suffix'] as const;

/** A name is shorter; what is longer is none, and is read to here. */
const CHARACTERS_MAX = 1_000;

/** As they are written when taken off, by their letters. */
const SALUTATIONS = byLetters(
  'Mr. Mrs. Ms. Miss Mx. Dr. Prof. Professor Sir Madam Dame Lord Lady Rev. Reverend Fr. Hon. Judge Capt. Captain Col. Colonel Gen. General Lt. Lieutenant Maj. Major Sgt. Sergeant Pastor Rabbi Master Mister Sr. Sra. Srta. Herr Frau',
);
const SUFFIXES = byLetters(
  'I II III IV V VI Jr Sr Jnr Snr Junior Senior Esq Esquire MD PhD EdD DDS DVM DMD DO OD CPA JD LLB LLM RN PE PA PharmD RPh APR MBA MA CME QC KC OBE MBE CBE',
);
/** They are family names, too, and one who has it needs no suffix: `Ann Ma`. */
const SUFFIXES_LIKE_NAMES = byLetters('DO MA PA PE V VI');
/** Words a family name may begin with; they and all after them are the family name. */
const PARTICLES = byLetters(
  'van von vanden vander vom der den de del dela dele della delle dello degli dei di da dal das do dos du la le lo los las te ten ter vere ver bin ibn bint al el af av zu zum zur st san santa santo',
);
/** Between two salutations: `Mr. and Mrs.` */
const CONJUNCTIONS = byLetters('& and und y et');

/**
 * Takes a full name apart (fixture integration-utils.jsonl): a salutation in front and suffixes behind, both as they are
 * usually written (`dr` is `Dr.`, `Jr.` is `Jr`), the family name with its particles, and what is left. Of that a single
 * letter or sign is the middle name and a longer word a first name, so `Bob & Sue Jones` has the first names of both. What
 * stands in parentheses is left out, and `Ray, Ann B.` is read from behind.
 */
export function parseFullName(text: string): FullName {
  const words = wordsOf(text.slice(0, CHARACTERS_MAX));
  const salutation = takeSalutation(words);
  const suffix = takeSuffixes(words);
  const lastAt = startOfLastName(words);
  const given = words.slice(0, lastAt);
  const isFirst = (word: string, at: number) => !isInitial(word) || (at === 0 && given.slice(1).every(isInitial));
  return {
    salutation,
    first_name: given.filter(isFirst).join(' '),
    middle_name: given.filter((word, at) => !isFirst(word, at)).join(' '),
    last_name: words.slice(lastAt).join(' '),
    suffix,
  };
}

/** `Family, Given` is turned round; `Name, Jr.` is not. */
function wordsOf(text: string): string[] {
  const [before = [], ...behind] = withoutParentheses(text).split(',').map(splitAtSpaces);
  const isSuffix = (part: readonly string[]) => part.every((word) => SUFFIXES.has(lettersOf(word)));
  return [...behind.filter((part) => !isSuffix(part)), before, ...behind.filter(isSuffix)].flat();
}

function withoutParentheses(text: string): string {
  return text.replace(/\([^()]*\)/g, ' ');
}

function splitAtSpaces(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** Removes it from the front; the last word that is left is always a name. */
function takeSalutation(words: string[]): string {
  const taken: string[] = [];
  while (words.length > 1) {
    const [word = '', next = ''] = words.slice(0, 2).map(lettersOf);
    const known = SALUTATIONS.get(word);
    if (known === undefined && !(taken.length > 0 && CONJUNCTIONS.has(word) && SALUTATIONS.has(next))) break;
    taken.push(known ?? words[0] ?? '');
    words.shift();
  }
  return taken.join(' ');
}

const SUFFIXES_MAX = 2;

/** Removes them from behind, two at most: what stands before a third is a name that looks like one. */
function takeSuffixes(words: string[]): string {
  const taken: string[] = [];
  while (taken.length < SUFFIXES_MAX) {
    const letters = lettersOf(words.at(-1));
    const known = SUFFIXES.get(letters);
    if (known === undefined || words.length <= (SUFFIXES_LIKE_NAMES.has(letters) ? 2 : 1)) break;
    taken.unshift(known);
    words.pop();
  }
  return taken.join(', ');
}

/** From the first particle on, else the last word. A single word is a first name, and so is a particle in front. */
function startOfLastName(words: readonly string[]): number {
  const particle = words.findIndex((word, at) => at > 0 && at < words.length - 1 && PARTICLES.has(lettersOf(word)));
  return particle > 0 ? particle : Math.max(1, words.length - 1);
}

/** `B`, `B.`, `&` */
function isInitial(word: string): boolean {
  return [...word.replaceAll('.', '')].length === 1;
}

function byLetters(words: string): ReadonlyMap<string, string> {
  return new Map(words.split(' ').map((word) => [lettersOf(word), word]));
}

function lettersOf(word: string | undefined): string {
  return (word ?? '').replaceAll('.', '').toLowerCase();
}

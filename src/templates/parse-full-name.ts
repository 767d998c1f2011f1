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
 * stands in parentheses is left out.
 *
 * `García López, José` is written from behind: all before the comma is the family name, save a salutation and suffixes.
 * The original reads such names otherwise (decisions page 0045).
 */
export function parseFullName(text: string): FullName {
  const parts = withoutParentheses(text.slice(0, CHARACTERS_MAX)).split(',').map(splitAtSpaces);
  const [before = [], ...behind] = parts.filter((words) => words.length > 0);
  const suffixes = behind.filter((words) => isSuffix(words, before));
  const given = behind.filter((words) => !suffixes.includes(words)).flat();
  return given.length === 0 ? readForward([before, ...suffixes].flat()) : readInverted(before, given, suffixes.flat());
}

/** `Dr. Ann B. Ray Jr.` */
function readForward(words: string[]): FullName {
  const salutation = takeSalutation(words);
  const suffix = takeSuffixes(words);
  const lastAt = startOfLastName(words);
  return { salutation, ...givenNames(words.slice(0, lastAt)), last_name: words.slice(lastAt).join(' '), suffix };
}

/** `Dr. Ray, Ann B. Jr`, and the suffixes that stand behind further commas. */
function readInverted(family: string[], given: string[], behind: string[]): FullName {
  const salutation = [takeSalutation(family), takeSalutation(given)].filter(Boolean).join(' ');
  const written = behind.map((word) => SUFFIXES.get(keepLetters(word)) ?? word);
  const suffix = [takeSuffixes(family), takeSuffixes(given), ...written].filter(Boolean).join(', ');
  return { salutation, ...givenNames(given), last_name: family.join(' '), suffix };
}

function givenNames(words: readonly string[]): Pick<FullName, 'first_name' | 'middle_name'> {
  const isFirst = (word: string, at: number) => !isInitial(word) || (at === 0 && words.slice(1).every(isInitial));
  return {
    first_name: words.filter(isFirst).join(' '),
    middle_name: words.filter((word, at) => !isFirst(word, at)).join(' '),
  };
}

/** `Ann Ray, MA` has one; `Ray, Ma` is a name written from behind. */
function isSuffix(words: readonly string[], before: readonly string[]): boolean {
  const letters = words.map(keepLetters);
  return letters.every((word) => SUFFIXES.has(word) && (before.length > 1 || !SUFFIXES_LIKE_NAMES.has(word)));
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
    const [word = '', next = ''] = words.slice(0, 2).map(keepLetters);
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
    const letters = keepLetters(words.at(-1));
    const known = SUFFIXES.get(letters);
    if (known === undefined || words.length <= (SUFFIXES_LIKE_NAMES.has(letters) ? 2 : 1)) break;
    taken.unshift(known);
    words.pop();
  }
  return taken.join(', ');
}

/** From the first particle on, else the last word. A single word is a first name, and so is a particle in front. */
function startOfLastName(words: readonly string[]): number {
  const particle = words.findIndex((word, at) => at > 0 && at < words.length - 1 && PARTICLES.has(keepLetters(word)));
  return particle > 0 ? particle : Math.max(1, words.length - 1);
}

/** `B`, `B.`, `&` */
function isInitial(word: string): boolean {
  return [...word.replaceAll('.', '')].length === 1;
}

function byLetters(words: string): ReadonlyMap<string, string> {
  return new Map(words.split(' ').map((word) => [keepLetters(word), word]));
}

function keepLetters(word: string | undefined): string {
  return (word ?? '').replaceAll('.', '').toLowerCase();
}

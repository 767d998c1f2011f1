import { COMMON_PASSWORDS } from './common-passwords.ts';

export const PASSWORD_CHARACTERS_MIN = 12;
/** More than any passphrase; bounds the work. */
export const PASSWORD_CHARACTERS_MAX = 256;
/** `aaaaaaaaaaaa` and `abababababab` have fewer. */
const DIFFERENT_CHARACTERS_MIN = 5;

/**
 * Why a password cannot be used by the user with this e-mail address, a sentence that does not repeat it; undefined: it
 * can. Length instead of kinds of characters, and a list of what is guessed first (NIST SP 800-63B 5.1.1.2).
 */
export function findPasswordFault(password: string, email: string): string | undefined {
  const characters = [...password];
  if (characters.length < PASSWORD_CHARACTERS_MIN)
    return `Must have at least ${PASSWORD_CHARACTERS_MIN} characters; several words make a good one.`;
  if (characters.length > PASSWORD_CHARACTERS_MAX) return `Must have at most ${PASSWORD_CHARACTERS_MAX} characters.`;
  if (isGuessable(password.toLowerCase()))
    return 'This password is one of the first that attackers try: choose another.';
  if (isFromEmail(password.toLowerCase(), email)) return 'Must not consist of the e-mail address.';
  return undefined;
}

function isGuessable(password: string): boolean {
  if (new Set(password).size < DIFFERENT_CHARACTERS_MIN) return true;
  return isSequence(password) || COMMON_PASSWORDS.has(password) || COMMON_PASSWORDS.has(findBase(password));
}

/** Keyboard rows and counting, forwards and backwards, once or repeated. */
const SEQUENCES = [
  '01234567890',
  '1234567890',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  '1q2w3e4r5t6y7u8i9o0p',
];

function isSequence(password: string): boolean {
  return SEQUENCES.some((row) => {
    const rows = row.repeat(Math.ceil(PASSWORD_CHARACTERS_MAX / row.length) + 1);
    return rows.includes(password) || [...rows].reverse().join('').includes(password);
  });
}

/** What people put in the place of letters. */
const LETTERS: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/** The word a password is made of: `P@ssw0rd2024!` and `passwordpassword` are both `password`. */
function findBase(password: string): string {
  const word = password.replace(/^[^a-z@$]+|[^a-z]+$/g, '');
  const letters = [...word]
    .map((each) => LETTERS[each] ?? each)
    .join('')
    .replace(/[^a-z]/g, '');
  for (let length = 4; length <= letters.length / 2; length += 1) {
    const part = letters.slice(0, length);
    if (letters === part.repeat(letters.length / length)) return part;
  }
  return letters;
}

/** The address, its first part or its domain, with nothing but digits and signs around it. */
function isFromEmail(password: string, email: string): boolean {
  const [local = '', domain = ''] = email.split('@');
  const company = domain.split('.')[0] ?? '';
  const rest = [email, local, domain, company]
    .filter((part) => part.length >= 4)
    .reduce((text, part) => text.replaceAll(part, ''), password);
  return rest.length < password.length && !/\p{Letter}/u.test(rest);
}

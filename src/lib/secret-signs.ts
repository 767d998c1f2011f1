/** Why the text of this name looks like a secret, half a sentence; undefined: it does not, or a template fills it. */
export function findSecretSign(name: string, text: string): string | undefined {
  if (isUrlWithSecret(text)) return 'This address has a key or password in it';
  if (text.includes('{{') || text.length < SECRET_CHARACTERS_MIN) return undefined;
  if (isSecretName(name)) return 'By its name this property is a key, token or password';
  return SHAPES.some((shape) => shape.test(text)) || isRandomText(text)
    ? 'This value looks like a key, token or password'
    : undefined;
}

/** Shorter values are switches and placeholders. */
const SECRET_CHARACTERS_MIN = 6;

/** Whole names, written without case and marks: `token` alone is a secret, `form_token_name` is not. */
const SECRET_NAMES: ReadonlySet<string> = new Set(['token', 'pwd', 'passwd', 'passphrase', 'auth', 'authkey']);
const SECRET_ENDINGS =
  /(?:authorization|password|secret|apikey|apitoken|accesskey|accesstoken|authtoken|privatekey|secretkey)$/;

export function isSecretName(name: string): boolean {
  const letters = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  return SECRET_NAMES.has(letters) || SECRET_ENDINGS.test(letters);
}

/** The forms well-known services give their keys, and those of HTTP authorization. */
const SHAPES: readonly RegExp[] = [
  /^(?:Bearer|Basic|Token)\s+[\w.+/=~-]{8,}$/i,
  /^(?:AKIA|ASIA)[0-9A-Z]{16}$/,
  /^(?:sk|rk|pk)_(?:live|test)_\w{10,}/,
  /^sk-[\w-]{20,}$/,
  /^gh[pousr]_\w{20,}$/,
  /^xox[abprs]-[\w-]{10,}$/,
  /^AIza[\w-]{30,}$/,
  /^SG\.[\w-]{16,}\.[\w-]{16,}$/,
  /^eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*$/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
];

function isUrlWithSecret(text: string): boolean {
  if (!/^https?:\/\//i.test(text)) return false;
  const hasPassword = /^https?:\/\/[^/?#@{}\s:]*:[^/?#@{}\s]+@/i.test(text);
  return hasPassword || [...text.matchAll(QUERY_PARAMETER)].some(([, name = '']) => isSecretName(name));
}

/** With a literal value long enough to be one. */
const QUERY_PARAMETER = /[?&]([^=&#?{}]{1,64})=(?=[^&#{}]{6})/g;

/** Ids of campaigns are shorter, or UUIDs, or words. */
const RANDOM_CHARACTERS_MIN = 32;
const BITS_PER_CHARACTER_MIN = 4;
const DIGIT_BORDERS_MIN = 6;

/** Long hexadecimals, or long letters of both cases with digits between them, evenly spread as chance spreads them. */
function isRandomText(text: string): boolean {
  if (text.length < RANDOM_CHARACTERS_MIN || !/^[A-Za-z0-9+]+={0,2}$/.test(text)) return false;
  const digitBorders = [...text.matchAll(/\d(?=[A-Za-z])|[A-Za-z](?=\d)/g)].length;
  if (digitBorders < DIGIT_BORDERS_MIN) return false;
  if (/^[0-9a-f]+$/i.test(text)) return true;
  return /[a-z]/.test(text) && /[A-Z]/.test(text) && bitsPerCharacter(text) >= BITS_PER_CHARACTER_MIN;
}

function bitsPerCharacter(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** The two sides of the @, as they were typed. */
export interface EmailAddress {
  user: string;
  domain: string;
}

/**
 * The one address in a text, as RFC 5322 writes it: spaces and comments between words, a display name, a group of
 * one, a quoted user and a domain literal are allowed, and dots in a display name (the obsolete phrase).
 * undefined when there is none, or more than one. Top-level domains are not checked.
 */
export function readEmailAddress(text: string): EmailAddress | undefined {
  const [, user, domain] = PLAIN.exec(text) ?? [];
  if (user !== undefined && domain !== undefined) return { user, domain };
  const tokens = tokenize(text);
  return tokens && readMailbox(withoutGroup(tokens));
}

const ATOM = "[\\w!#$%&'*+/=?^`{|}~-]+";
/** Nearly every address; each character can match in one way only, so it is linear. */
const PLAIN = new RegExp(`^(${ATOM}(?:\\.${ATOM})*)@(${ATOM}(?:\\.${ATOM})*)$`);

/** `mark` is one of the characters that part words. */
interface Token {
  kind: 'atom' | 'quoted' | 'literal' | 'mark';
  text: string;
}

const TOKEN = new RegExp(`(${ATOM})|("(?:[^"\\\\]|\\\\[^])*")|(\\[[\\x21-\\x5a\\x5e-\\x7e]*\\])|([.@<>:;])`, 'y');
const KINDS = ['atom', 'quoted', 'literal', 'mark'] as const;
const BLANK = /[ \t\r\n]/;

/** undefined for a character no address has, or a quote or comment that does not end. */
function tokenize(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    if (BLANK.test(text.charAt(at))) {
      at += 1;
    } else if (text.charAt(at) === '(') {
      const end = endOfComment(text, at);
      if (end === undefined) return undefined;
      at = end;
    } else {
      TOKEN.lastIndex = at;
      const match = TOKEN.exec(text);
      if (match === null) return undefined;
      const kind = KINDS.find((_, index) => match[index + 1] !== undefined) ?? 'mark';
      tokens.push({ kind, text: match[0] });
      at += match[0].length;
    }
  }
  return tokens;
}

/** Comments nest. Answers where the text goes on. */
function endOfComment(text: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\\') at += 1;
    else if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return undefined;
}

/** `Friends: ann@example.com;` is read as its only member. */
function withoutGroup(tokens: Token[]): Token[] {
  if (!isMark(tokens.at(-1), ';')) return tokens;
  const colon = tokens.findIndex((token) => isMark(token, ':'));
  return colon > 0 && isPhrase(tokens.slice(0, colon)) ? tokens.slice(colon + 1, -1) : tokens;
}

/** `user@domain`, or the same between angle brackets behind a display name. */
function readMailbox(tokens: Token[]): EmailAddress | undefined {
  if (!isMark(tokens.at(-1), '>')) return readAddress(tokens);
  const bracket = tokens.findIndex((token) => isMark(token, '<'));
  const isNamed = bracket === 0 || (bracket > 0 && isPhrase(tokens.slice(0, bracket)));
  return isNamed ? readAddress(tokens.slice(bracket + 1, -1)) : undefined;
}

function readAddress(tokens: Token[]): EmailAddress | undefined {
  const at = tokens.findIndex((token) => isMark(token, '@'));
  if (at === -1) return undefined;
  const user = tokens.slice(0, at);
  const domain = tokens.slice(at + 1);
  const isDomain = (domain.length === 1 && domain[0]?.kind === 'literal') || isDotted(domain, ['atom']);
  return isDomain && isDotted(user, ['atom', 'quoted']) ? { user: join(user), domain: join(domain) } : undefined;
}

/** Words with one dot between each two. */
function isDotted(tokens: Token[], kinds: Token['kind'][]): boolean {
  const alternate = tokens.every((token, i) => (i % 2 === 0 ? kinds.includes(token.kind) : isMark(token, '.')));
  return alternate && tokens.length % 2 === 1;
}

function isPhrase(tokens: Token[]): boolean {
  const [first] = tokens;
  if (first?.kind !== 'atom' && first?.kind !== 'quoted') return false;
  return tokens.every((token) => token.kind === 'atom' || token.kind === 'quoted' || isMark(token, '.'));
}

function isMark(token: Token | undefined, mark: string): boolean {
  return token?.kind === 'mark' && token.text === mark;
}

function join(tokens: Token[]): string {
  return tokens.map((token) => token.text).join('');
}

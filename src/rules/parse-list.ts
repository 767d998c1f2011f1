/**
 * The members of a list written as text: separated by commas or line breaks, a member with a comma in double quotes,
 * a double quote inside quotes doubled (spec behaviour 5.2). Outer space and empty members are dropped.
 * `TX, "Doe, John"` → `['TX', 'Doe, John']`.
 */
export function parseList(text: string): string[] {
  const members: string[] = [];
  for (const match of text.matchAll(MEMBER)) {
    const quoted = match[1];
    const member = quoted === undefined ? match[0].trim() : quoted.replaceAll('""', '"').trim();
    if (member !== '') members.push(member);
  }
  return members;
}

/** A quoted member up to its separator, else everything up to the next separator: a stray quote is only a character. */
const MEMBER = /[^\S\n\r]*"((?:[^"]|"")*)"[^\S\n\r]*(?=[,\n\r]|$)|[^,\n\r]+/g;

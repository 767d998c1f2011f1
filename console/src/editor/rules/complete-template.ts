import { findVariables, type Variable } from './list-variables.ts';

/** The tag that is being written, up to the place of the caret. */
export interface OpenTag {
  /** What is replaced by a completion, from here to the caret. */
  start: number;
  /** The part of a name that stands there. */
  word: string;
  /** A helper can begin here: nothing but the braces, or a parenthesis, is before it. */
  isFirst: boolean;
}

/** The unfinished name at the caret of a template; undefined: the caret is in plain text. */
export function findOpenTag(text: string, caret: number): OpenTag | undefined {
  const before = text.slice(0, caret);
  const open = before.lastIndexOf('{{');
  if (open === -1 || before.indexOf('}}', open) !== -1) return undefined;
  const inside = before.slice(open + 2);
  // Inside a text in quotes nothing is completed.
  if ((inside.match(/"/g)?.length ?? 0) % 2 === 1) return undefined;
  const word = /[\p{L}\p{N}_.]*$/u.exec(inside)?.[0] ?? '';
  const ahead = inside.slice(0, inside.length - word.length);
  return {
    start: caret - word.length,
    word,
    isFirst: /^\s*(?:[#&]?\w+\s+)?\(?\s*$/.test(ahead) && /(?:^|\()\s*$/.test(ahead),
  };
}

/** A name that stands at the caret instead. */
export interface Completion {
  /** What is inserted. */
  text: string;
  label: string;
  detail: string;
  kind: 'variable' | 'helper';
}

const COMPLETIONS_MAX = 30;

/** Variables and, where one can begin, helpers for what is written so far. */
export function listCompletions(tag: OpenTag, variables: readonly Variable[]): Completion[] {
  const word = tag.word.toLowerCase();
  const helpers = tag.isFirst && word !== '' ? HELPERS.filter(({ name }) => name.startsWith(word)) : [];
  const found = findVariables(variables, tag.word).map(
    ({ path, label, type }): Completion => ({
      text: path,
      label,
      detail: type === undefined ? path : `${path} · ${type}`,
      kind: 'variable',
    }),
  );
  const ofHelpers = (tag.isFirst && word === '' ? HELPERS : helpers).map(
    ({ name, example, gives }): Completion => ({
      text: `${name} `,
      label: name,
      detail: `${example}: ${gives}`,
      kind: 'helper',
    }),
  );
  return word === ''
    ? [...found.slice(0, COMPLETIONS_MAX), ...ofHelpers]
    : [...ofHelpers, ...found].slice(0, COMPLETIONS_MAX);
}

/** The template with a completion, and where the caret goes. A name ends its tag; a helper waits for its values. */
export function complete(
  text: string,
  { tag, caret, completion }: { tag: OpenTag; caret: number; completion: Completion },
): { text: string; caret: number } {
  // The rest of the name behind the caret goes with it.
  const rest = text.slice(caret).replace(/^[\p{L}\p{N}_.]+/u, '');
  const head = text.slice(0, tag.start) + completion.text;
  const isClosed = /^[^{]*\}\}/.test(rest);
  if (isClosed || (completion.kind === 'helper' && !isClosed)) {
    const closing = isClosed ? '' : '}}';
    return { text: head + closing + rest, caret: head.length };
  }
  return { text: `${head}}}${rest}`, caret: head.length + 2 };
}

/** Words of the template language with an example each, as docs/reference/template-helpers.md has them. */
export const HELPERS: readonly { name: string; example: string; gives: string }[] = [
  { name: 'format', example: 'format lead.dob format="MM/DD/YYYY"', gives: '06/24/1980' },
  { name: 'lowercase', example: 'lowercase lead.email', gives: 'ann@example.com' },
  { name: 'uppercase', example: 'uppercase lead.first_name', gives: 'MICHAEL' },
  { name: 'substring', example: 'substring lead.first_name start=2 end=4', gives: 'ich' },
  { name: 'replace', example: 'replace lead.phone_1 pattern="-" replace=""', gives: '5127891111' },
  { name: 'extract', example: 'extract lead.comments pattern="#(\\w+)"', gives: 'solar roof' },
  { name: 'name_part', example: 'name_part lead.full_name part="first_name"', gives: 'Ann' },
  { name: 'json', example: 'json lead.raw_request path="q3_name.first"', gives: 'Ana' },
  { name: 'math', example: 'math "lead.amount * 0.8" format="$0.00"', gives: '$987.60' },
  { name: 'md5', example: 'md5 lead.email', gives: 'a digest' },
  { name: 'sha1', example: 'sha1 lead.email', gives: 'a digest' },
  { name: 'sha256', example: 'sha256 lead.email', gives: 'a digest' },
  { name: 'sha512', example: 'sha512 lead.email', gives: 'a digest' },
  { name: '#if', example: '#if lead.email}}…{{else}}…{{/if', gives: 'one of two texts' },
  { name: '#each', example: '#each lead.tags}}{{this}}{{/each', gives: 'a text for each member' },
];

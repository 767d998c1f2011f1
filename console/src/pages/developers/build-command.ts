import { quoteForShell } from '../../parts/quote-for-shell.ts';
import type { Content, Operation } from './read-reference.ts';

/** A body up to this long stands in one line. */
const LINE_CHARACTERS_MAX = 100;

/** The operation as a command for a shell, in which `$KEY` is an API key, and what it leaves to fill in. */
export interface Command {
  text: string;
  /** Words of the command that stand for values: `ID`. */
  blanks: readonly string[];
}

/**
 * `origin`: where the server is. What only a person who is signed in may do takes the cookie and the token of the session
 * (docs/guides/users.md).
 */
export function buildCommand(operation: Operation, origin: string): Command {
  const { method, path, permission, body } = operation;
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const url = `${origin}${path.replaceAll(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase())}`;
  const content = body?.contents[0];
  const sent = content === undefined ? undefined : buildBody(content);
  // curl sends a body as POST.
  const isUsual = method === (sent === undefined ? 'GET' : 'POST');
  const parts = [
    ['curl -s', ...listRights(permission, method), ...(isUsual ? [] : [`-X ${method}`]), quoteForShell(url)].join(' '),
    ...(content === undefined ? [] : [`-H ${quoteForShell(`Content-Type: ${content.type}`)}`]),
    ...(sent === undefined ? [] : [sent.option]),
  ];
  const blanks = [...names.map((name) => name.toUpperCase()), ...(sent?.file === undefined ? [] : [sent.file])];
  return { text: parts.join(' \\\n  '), blanks };
}

function listRights(permission: string, method: string): string[] {
  if (permission === 'public') return [];
  if (permission !== 'session') return ['-u "api:$KEY"'];
  return ['-b cookies.txt', ...(method === 'GET' ? [] : ['-H "X-CSRF-Token: $CSRF"'])];
}

/** A body without an example is in a file. */
function buildBody({ type, schema, example }: Content): { option: string; file?: string } {
  if (schema.format === 'binary') return { option: '--data-binary @rows.csv', file: 'rows.csv' };
  if (example === undefined || type !== 'application/json') return { option: '-d @body.json', file: 'body.json' };
  const line = JSON.stringify(example);
  const text = line.length > LINE_CHARACTERS_MAX ? JSON.stringify(example, null, 2) : line;
  return { option: `-d ${quoteForShell(text)}` };
}

import type { Simulation } from '../../../../client/src/client.ts';

/** What a person pasted, as a simulation takes it. */
export type Pasted =
  | { ok: true; kind: 'JSON' | 'form body' | 'curl command'; given: Pick<Simulation, 'values' | 'submission'> }
  | { ok: false; problem: string };

/** As long as a submission may be, in characters. */
export const PASTED_CHARACTERS_MAX = 1_000_000;

/** JSON with the values of a lead, a body as forms send it, or a curl command that submits one. */
export function readPasted(text: string): Pasted {
  const given = text.trim();
  if (given === '') return { ok: false, problem: 'Paste JSON, a form body or a curl command.' };
  if (/^\$?\s*curl\s/.test(given)) return readCurl(given.replace(/^\$\s*/, ''));
  if (given.startsWith('{')) return readJson(given);
  if (/^[^\s=&]+=/.test(given)) return { ok: true, kind: 'form body', given: { submission: formOf(given) } };
  return { ok: false, problem: 'It is neither JSON, nor a form body (name=value&…), nor a curl command.' };
}

function readJson(text: string): Pasted {
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch (error) {
    return { ok: false, problem: `The JSON cannot be read: ${error instanceof Error ? error.message : 'unknown'}` };
  }
  if (typeof values !== 'object' || values === null || Array.isArray(values))
    return { ok: false, problem: 'The JSON has to be an object with the values of one lead.' };
  return { ok: true, kind: 'JSON', given: { values: values as Record<string, unknown> } };
}

function formOf(body: string): NonNullable<Simulation['submission']> {
  return { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body };
}

const HEADER_FLAGS = new Set(['-H', '--header']);
const DATA_FLAGS = new Set(['-d', '--data', '--data-raw', '--data-binary', '--data-ascii', '--data-urlencode']);
/** Flags of curl that take a value which says nothing of the submission. */
const VALUE_FLAGS = new Set([
  '-u',
  '--user',
  '-o',
  '--output',
  '-A',
  '--user-agent',
  '-m',
  '--max-time',
  '-b',
  '--cookie',
]);
/** What a source reads of headers; keys stay where they are. */
const READ_HEADERS = /^(?:content-type|accept|user-agent)$/i;

/** Of the usual flags: method, headers, data and URL. Only its query and what it posts are taken: nothing is sent. */
function readCurl(command: string): Pasted {
  const words = splitWords(command);
  if (words === null) return { ok: false, problem: 'A quote of the curl command is not closed.' };
  const headers: Record<string, string> = {};
  const data: string[] = [];
  let method: string | undefined;
  let url: string | undefined;
  for (let index = 1; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const [flag, joined] = splitFlag(word);
    const next = () => joined ?? words[++index] ?? '';
    if (flag === '-X' || flag === '--request') method = next().toUpperCase();
    else if (HEADER_FLAGS.has(flag)) {
      const [name = '', ...rest] = next().split(':');
      if (READ_HEADERS.test(name.trim())) headers[name.trim()] = rest.join(':').trim();
    } else if (DATA_FLAGS.has(flag)) data.push(next());
    else if (flag === '--json') {
      headers['Content-Type'] = 'application/json';
      data.push(next());
    } else if (flag === '--url') url = next();
    else if (VALUE_FLAGS.has(flag)) next();
    else if (!word.startsWith('-')) url ??= word;
  }
  if (data.some((each) => each.startsWith('@')))
    return { ok: false, problem: 'The command reads its data from a file. Paste the content of the file instead.' };
  const known = METHODS.find((each) => each === (method ?? (data.length > 0 ? 'POST' : 'GET')));
  if (known === undefined) return { ok: false, problem: `The method ${method} submits no lead.` };
  const query = url?.split('#')[0]?.split('?')[1];
  if (data.length === 0 && query === undefined)
    return { ok: false, problem: 'The command submits nothing: it has neither data nor a query.' };
  const hasType = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  return {
    ...{ ok: true, kind: 'curl command' },
    given: {
      submission: {
        method: known,
        ...(query !== undefined && { query }),
        headers:
          hasType || data.length === 0 ? headers : { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' },
        ...(data.length > 0 && { body: data.join('&') }),
      },
    },
  };
}

const METHODS = ['POST', 'GET', 'PUT'] as const;

/** `-Xpost` and `--request=POST` are one word. */
function splitFlag(word: string): [flag: string, value: string | undefined] {
  if (word.startsWith('--') && word.includes('=')) {
    const at = word.indexOf('=');
    return [word.slice(0, at), word.slice(at + 1)];
  }
  return /^-[XHdu]./.test(word) ? [word.slice(0, 2), word.slice(2)] : [word, undefined];
}

/** As a shell splits it: quotes of both kinds, backslashes, lines that go on. null: a quote is open. */
function splitWords(command: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  for (let index = 0; index < command.length; index += 1) {
    const sign = command[index] ?? '';
    if (quote !== null) {
      if (sign === quote) quote = null;
      else if (sign === '\\' && quote === '"') word = `${word ?? ''}${command[++index] ?? ''}`;
      else word = `${word ?? ''}${sign}`;
    } else if (sign === '"' || sign === "'") {
      quote = sign;
      word ??= '';
    } else if (sign === '\\') {
      const next = command[++index] ?? '';
      if (next === '\r' && command[index + 1] === '\n') index += 1;
      else if (next !== '\n') word = `${word ?? ''}${next}`;
    } else if (/\s/.test(sign)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = `${word ?? ''}${sign}`;
  }
  if (quote !== null) return null;
  return word === null ? words : [...words, word];
}

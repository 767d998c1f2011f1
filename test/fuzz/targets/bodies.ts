import { readRequest } from '../../../src/integrations/builtin/leadconduit-default/inbound-request.ts';
import { cleanValues } from '../../../src/variables/clean-values.ts';
import type { Random } from '../random.ts';
import { type FuzzTarget, kindOfMessage, magnitude, mustHold } from '../target.ts';

/** The first line of an input says how the rest is sent. */
const KINDS = ['form', 'json', 'xml', 'query'] as const;
const CONTENT_TYPES: ReadonlyMap<string, string> = new Map([
  ['form', 'application/x-www-form-urlencoded'],
  ['json', 'application/json'],
  ['xml', 'text/xml'],
]);
const PATH = '/flows/6b00d7de0000000000000000/sources/6b00d7de0000000000000001/submit';

/** NUL and lone surrogates as `JSON.stringify` writes them, not behind a backslash of the text itself. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

const NAMES = [
  'first_name',
  'a.b',
  'a.0',
  'a..b',
  'tags',
  'tags[]',
  'x[y]',
  '__proto__',
  'constructor.prototype',
  'redir_url',
  'xxTrustedFormCertUrl',
  'lead',
  'ä',
] as const;
const VALUES = [
  'Ada',
  '',
  ' ',
  '1',
  'true',
  'null',
  '\u0000',
  '\ud83d\ude00',
  '%F0%9F',
  '%',
  '+',
  '<b>',
  '&amp;',
  '"',
  '\\',
  'x'.repeat(64),
] as const;

function json(random: Random, depth: number): unknown {
  const kind = random.below(depth > 0 ? 6 : 4);
  if (kind <= 1) return random.pick(VALUES);
  if (kind === 2) return random.pick([0, -1.5, 1e21, true, false, null]);
  if (kind === 3) return random.pick([[], {}]);
  if (kind === 4) return Array.from({ length: random.below(4) }, () => json(random, depth - 1));
  return Object.fromEntries(
    Array.from({ length: random.below(4) }, () => [random.pick(NAMES), json(random, depth - 1)]),
  );
}

function xml(random: Random, depth: number): string {
  if (depth === 0 || random.oneIn(3)) {
    return random.pick([
      'Ada',
      '&amp;',
      '&#x41;',
      '&#0;',
      '&lt;',
      '&none;',
      '<![CDATA[<x>]]>',
      '<!-- c -->',
      '<?pi?>',
      ' ',
      '\u00e4',
    ]);
  }
  const name = random.pick(['lead', 'first_name', 'a.b', 'ns:x', '__proto__', 'constructor', 'item']);
  const attributes = random.oneIn(3)
    ? ` id="1" ${random.pick(['xmlns:ns="u"', "k='&quot;'", '__proto__="p"', 'id="2"'])}`
    : '';
  if (random.oneIn(6)) return `<${name}${attributes}/>`;
  const inner = Array.from({ length: 1 + random.below(3) }, () => xml(random, depth - 1)).join('');
  return `<${name}${attributes}>${inner}</${name}>`;
}

function form(random: Random): string {
  const pair = () =>
    `${random.pick(NAMES)}=${random.oneIn(2) ? encodeURIComponent(random.pick(VALUES)) : random.pick(VALUES)}`;
  return Array.from({ length: 1 + random.below(5) }, pair).join(random.oneIn(8) ? ';' : '&');
}

const GENERATORS: Record<(typeof KINDS)[number], (random: Random) => string> = {
  form,
  query: form,
  json: (random) => JSON.stringify(json(random, 5)),
  xml: (random) =>
    `${random.oneIn(3) ? '<?xml version="1.0" encoding="UTF-8"?>' : ''}${random.oneIn(8) ? '<!DOCTYPE x [<!ENTITY e "v">]>' : ''}<lead>${xml(random, 5)}</lead>`,
};

/** Submissions as the inbound module reads them, and then through hygiene. */
export const bodies: FuzzTarget = {
  name: 'bodies',
  tokens: [
    '&',
    '=',
    ';',
    '%',
    '+',
    '%00',
    '<',
    '>',
    '/>',
    '</',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<!DOCTYPE',
    '&#',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    ...NAMES,
    ...VALUES,
  ],
  generate: (random) => {
    const kind = random.pick(KINDS);
    return `${kind}\n${GENERATORS[kind](random)}`;
  },
  run(input) {
    const [written = '', ...rest] = input.split('\n');
    const body = rest.join('\n');
    const contentType = CONTENT_TYPES.get(written);
    const kind = contentType ?? 'query';
    const result = readRequest({
      method: contentType === undefined ? 'GET' : 'POST',
      uri: contentType === undefined ? `${PATH}?${body}` : PATH,
      version: '1.1',
      headers: contentType === undefined ? {} : { 'Content-Type': contentType, 'Content-Length': String(body.length) },
      body,
      timestamp: 1_500_000_000_000,
    });
    if (!result.ok) {
      mustHold(
        result.error.status >= 400 && result.error.status < 500 && result.error.body !== '',
        'a refusal is the sender’s',
      );
      return `${kind} ${result.error.status} ${kindOfMessage(result.error.body)}`;
    }
    const { values } = cleanValues(result.value);
    const once = JSON.stringify(values);
    mustHold(JSON.stringify(cleanValues(values).values) === once, 'clean values stay as they are');
    mustHold(Object.getPrototypeOf(values) === Object.prototype, 'no input reaches the prototype');
    mustHold(!UNSTORABLE.test(once), 'clean values can be stored');
    return [kind, typeof result.value, magnitude(Object.keys(values).length), magnitude(once.length)].join(' ');
  },
};

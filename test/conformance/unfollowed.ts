import type { Mismatch } from './difference.ts';
import type { LenientRule } from './suite.ts';

/**
 * What the measured modules do and we do not, each with its reason. A rule covers the inputs of its kind and, where it
 * can, only the properties that differ.
 */
type Case = Record<string, unknown>;

interface TypeRule {
  why: string;
  types: readonly string[];
  input: (input: unknown, text: string) => boolean;
  /** Of the value; absent: all. */
  properties?: readonly string[];
  /** Only where the measured value is valid. */
  isValidThere?: true;
}

const CERTIFICATE_HOST = /^https:\/\/(?:cert|ping)\.(?:staging\.)?trustedform\.com(?:[:/?#]|$)/i;
const ISO_DAY = /\d{4}-\d\d-\d\d/g;

const TYPE_RULES: readonly TypeRule[] = [
  {
    why: 'a plain object that carries `raw` is an object somebody sent, not a value that was read',
    types: ['*'],
    input: (input) => isCase(input) && 'raw' in input && !Object.keys(input).some((name) => name.startsWith('$')),
  },
  {
    why: 'what an area masked by stars would be is a guess; the stars stay where they are',
    types: ['phone'],
    input: (_, text) => /^\D*?(?:\+?1\D*?)?\d{0,2}\*/.test(text.replace(/[^\d*+]/g, '')),
    properties: ['area', 'exchange', 'line', 'number', 'country_code', 'valid'],
  },
  {
    why: 'domains have no case: GMAIL.com is as free as gmail.com',
    types: ['email'],
    input: (_, text) => /@.*[A-Z]/s.test(text),
    properties: ['is_free', 'is_disposable'],
  },
  {
    why: 'line breaks or a query behind an address are no part of it: they would be headers of a message',
    types: ['email'],
    input: (_, text) => /[\r\n]|@.*\?/.test(text),
  },
  {
    why: 'a list is no boolean, even with one member',
    types: ['boolean'],
    input: (input) => Array.isArray(input) && input.length === 1,
  },
  {
    why: 'JSON cannot carry Infinity, so it is no number',
    types: ['number', 'range'],
    input: (input, text) => /Infinity/.test(text) || JSON.stringify(input).includes('Infinity') || text.length > 300,
  },
  {
    why: 'three numbers joined by dashes are a date or a code, not a range',
    types: ['range'],
    input: (_, text) => /^\s*-?[\d.,]+\s*-\s*[\d.,]+\s*-\s*[\d.,]+\s*$/.test(text) && !text.match(ISO_DAY),
  },
  {
    why: 'two dates before 1970 are a range like any other, although their instants are negative',
    types: ['range'],
    input: (_, text) => text.match(ISO_DAY)?.length === 2 && text.match(ISO_DAY)?.some((day) => day < '1970') === true,
  },
  {
    why: 'an ISO time keeps its time without milliseconds too',
    types: ['range'],
    input: (_, text) => /\dT\d\d:\d\d(?::\d\d)?(?![\d:.])/.test(text),
  },
  {
    why: 'nine groups are no IPv6 address, and one with an embedded IPv4 address is one whatever stands before it',
    types: ['ip'],
    input: (_, text) =>
      (text.match(/:/g) ?? []).length >= 8 || (/:.*\d+\.\d+\.\d+\.\d+/.test(text) && !/^\[?::ffff:/i.test(text)),
  },
  {
    why: 'hosts that only look like TrustedForm, or are its test hosts, are a security hole',
    types: ['trustedform_url'],
    input: (_, text) => !CERTIFICATE_HOST.test(text),
    isValidThere: true,
  },
];

export const UNFOLLOWED_TYPES: readonly LenientRule[] = TYPE_RULES.map(
  ({ why, types, input, properties, isValidThere }) => ({
    why,
    covers({ path }: Mismatch, measured: unknown) {
      if (!isCase(measured) || !path.includes('.')) return false; // not a check that failed
      const isOfType = types.includes('*') || types.includes(String(measured['type']));
      const property = path.split('.')[1] ?? '';
      const isOfProperty = properties === undefined || properties.includes(property);
      const isValid = isCase(measured['output']) && measured['output']['valid'] === true;
      if (isValidThere && !isValid) return false;
      const given = measured['input'];
      return isOfType && isOfProperty && input(given, typeof given === 'string' ? given : String(given));
    },
  }),
);

export const UNFOLLOWED_REPORTS: readonly LenientRule[] = [
  {
    why: 'a date of birth identifies one person and is in no report',
    covers: (_, measured) => isCase(measured) && measured['op'] === 'aggregate' && measured['type'] === 'dob',
  },
];

export const UNFOLLOWED_DELIVERIES: readonly LenientRule[] = [
  {
    why: 'indexed XML attributes make XML that no parser reads',
    covers: (_, measured) => moduleOf(measured).endsWith('.xml') && /@[^"@]*\.\d+"/.test(varsOf(measured)),
  },
  {
    why: 'HTTP has no status of four digits',
    covers: (_, measured) => Number(readAnswer(measured)['status']) > 999,
  },
  {
    why: 'a form-encoded answer has no elements to select; its names are paths',
    covers: (_, measured) =>
      JSON.stringify(readAnswer(measured)['headers'] ?? {}).includes('x-www-form-urlencoded') &&
      /_path":/.test(varsOf(measured)),
  },
  {
    why: 'an empty list is no reference',
    covers: ({ path, expected }) => path === 'value.reference' && Array.isArray(expected) && expected.length === 0,
  },
];

export const UNFOLLOWED_CALLS: readonly LenientRule[] = [
  {
    why: 'an answer of another operation answers nothing that was asked',
    covers({ path }, measured) {
      if (!path.startsWith('event') || !isCase(measured) || !isCase(measured['vars'])) return false;
      const body = isCase(measured['reply']) ? String(measured['reply']['body']) : '';
      const answered = /<(?:\w+:)?Body[^>]*>\s*<(?:\w+:)?(\w+)/.exec(body)?.[1];
      return (
        answered !== undefined && answered !== 'Fault' && answered !== `${String(measured['vars']['function'])}Response`
      );
    },
  },
  {
    why: 'arguments go in the order of the schema: strict receivers refuse any other',
    covers: ({ path, expected, actual }) =>
      path === 'sent.0.body' && listElements(expected).sort().join() === listElements(actual).sort().join(),
  },
  {
    why: 'a flat name with a dot (`arg.X`) is a name of its own, not a path',
    covers: (_, measured) => isCase(measured) && /"arg\.[^"]*":/.test(varsOf(measured)),
  },
];

function listElements(xml: unknown): string[] {
  return String(xml).match(/<[^>]*>[^<]*/g) ?? [];
}

function moduleOf(measured: unknown): string {
  return isCase(measured) ? String(measured['module']) : '';
}

function varsOf(measured: unknown): string {
  return isCase(measured) ? JSON.stringify(measured['vars']) : '';
}

function readAnswer(measured: unknown): Case {
  return isCase(measured) && isCase(measured['response_in']) ? measured['response_in'] : {};
}

function isCase(value: unknown): value is Case {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

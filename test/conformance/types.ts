import { aggregateValue } from '../../src/field-types/aggregate-value.ts';
import type { ParseContext } from '../../src/field-types/field-type.ts';
import { FIELD_TYPES, findFieldType } from '../../src/field-types/field-types.ts';
import { maskValue } from '../../src/field-types/mask-value.ts';
import { normalizeValue } from '../../src/field-types/normalize-value.ts';
import { assignPath } from '../../src/variables/assign.ts';
import { type Mismatch, mismatches } from './difference.ts';
import { decode, encode, encodeResult, VECTOR_CONTEXT } from './encoding.ts';
import { CRASHES, failedCheck, type LenientRule, type Suite } from './suite.ts';
import { UNFOLLOWED_REPORTS, UNFOLLOWED_TYPES } from './unfollowed.ts';

export const typeSuites: Suite[] = [
  {
    file: 'types.jsonl',
    check: (line) => checkParse(parseCase(line)),
    lenient: [leapDayAges(), CRASHES, ...UNFOLLOWED_TYPES],
  },
  {
    file: 'types-mask-aggregate.jsonl',
    check: (line) => checkMaskOrAggregate(parseCase(line)),
    lenient: UNFOLLOWED_REPORTS,
  },
  { file: 'types-meta.jsonl', check: (line) => checkMeta(parseCase(line)) },
];

function leapDayAges(): LenientRule {
  return {
    why: 'people born on 29 February have an age in every year (spec modules i, surprise 10: not to be copied)',
    covers: ({ path, expected, actual }) =>
      (path === 'output.age' || path === 'normalized.age') &&
      isCase(expected) &&
      expected['$special'] === 'NaN' &&
      typeof actual === 'number',
  };
}

type Case = Record<string, unknown>;

function parseCase(line: unknown): Case {
  if (typeof line !== 'object' || line === null) throw new Error('a case is an object');
  return line as Case; // the file's README says so; every use checks what it needs
}

function buildContext({ now, tz }: Case): ParseContext {
  return {
    now: typeof now === 'string' ? Date.parse(now) : VECTOR_CONTEXT.now,
    timeZone: typeof tz === 'string' ? tz : VECTOR_CONTEXT.timeZone,
  };
}

/** Types that make a text of null when asked directly; the engine never asks (`parseValue` keeps null). */
const TEXT_OF_NULL: ReadonlySet<unknown> = new Set(['first_name', 'last_name', 'city']);

function checkParse(given: Case): Mismatch[] {
  const ctx = buildContext(given);
  const input = decode(given['input'], ctx);
  const type = findFieldType(String(given['type']));
  if (type === undefined) return failedCheck(`no type is called ${String(given['type'])}`);
  const isKept = (input === null || input === undefined) && !TEXT_OF_NULL.has(type.name);
  const value = isKept ? input : type.parse(input, ctx);
  const normalized = encode(normalizeValue(value));
  return [
    ...mismatches(given['output'], encodeResult(value), 'output'),
    // A case whose parsing crashed has no JSON form.
    ...('normalized' in given
      ? mismatches(withTextOfDate(given['normalized'], normalized), normalized, 'normalized')
      : []),
  ];
}

/** The API documents days and times of the JSON form as text (spec behaviour 7); the files have the Date itself. */
function withTextOfDate(expected: unknown, actual: unknown): unknown {
  if (!isCase(expected) || !isCase(actual)) return expected;
  const normal = expected['normal'];
  if (!isCase(normal) || normal['$kind'] !== 'Date') return expected;
  const isDay = typeof actual['normal'] === 'string' && actual['normal'].length === 'YYYY-MM-DD'.length;
  return { ...expected, normal: isDay ? String(normal['$time']).slice(0, 'YYYY-MM-DD'.length) : normal['$time'] };
}

function checkMaskOrAggregate(given: Case): Mismatch[] {
  if (given['op'] === 'mask') {
    const masked = maskValue(decode(given['value'], buildContext(given)));
    const isPlain = typeof masked !== 'object' || masked === null;
    return mismatches(given['output'], isPlain ? encodeResult(masked) : encode(masked), 'masked');
  }
  const kept = 'field_types' in given ? aggregateEvent(given) : aggregateField(given);
  return mismatches(given['output'], encode(kept), 'aggregated');
}

function aggregateField(given: Case): object {
  const kept = aggregateValue(String(given['type']), decode(given['input_normalized'], buildContext(given)));
  const event = {};
  if (kept !== undefined) assignPath(event, String(given['event_field']).split('.'), kept);
  return event;
}

/** A whole event: each field of the table by its path; `x.*` copies what is below. What the table lacks is not kept. */
function aggregateEvent(given: Case): object {
  const event = decode(given['event'], buildContext(given));
  if (!isCase(event) || !isCase(given['field_types'])) throw new Error('an event and its field types are objects');
  const kept = {};
  for (const [field, type] of Object.entries(given['field_types'])) {
    const path = field.replace(/\.\*$/, '').split('.');
    const value = lookupPath(event, path);
    const part = value === undefined || field.endsWith('.*') ? value : aggregateValue(String(type), value);
    if (part !== undefined) assignPath(kept, path, part);
  }
  return kept;
}

function lookupPath(event: Case, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, name) => (isCase(at) && Object.hasOwn(at, name) ? at[name] : undefined), event);
}

function checkMeta(given: Case): Mismatch[] {
  const type = FIELD_TYPES.find(({ name }) => name === given['type']);
  if (type === undefined) return failedCheck(`no type is called ${String(given['type'])}`);
  const components = type.components.map(({ name, type, deprecated }) => ({ name, type, deprecated }));
  return [
    ...mismatches(given['maskable'] === true, type.isMaskable, 'maskable'),
    ...mismatches(given['components'], components, 'components'),
    ...mismatches(given['operators'], type.operators, 'operators'),
  ];
}

function isCase(value: unknown): value is Case {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { parseList } from '../rules/parse-list.ts';

/** What a question is narrowed to by ids and outcomes alone; undefined: any. */
export interface PlainFilter {
  flowIds?: readonly string[];
  sourceIds?: readonly string[];
  recipientIds?: readonly string[];
  outcomes?: readonly string[];
}

const PLAIN_SIDES: Readonly<Record<string, keyof PlainFilter>> = {
  'vars.flow.id': 'flowIds',
  'vars.source.id': 'sourceIds',
  'vars.recipient.id': 'recipientIds',
  outcome: 'outcomes',
};

/** Ids and outcomes compare without case, and none is blank or has a template in it. */
const PLAIN_VALUE = /^[0-9a-z-]{1,64}$/;

/** The rules that are plain filters, and the others: those are asked of each event. */
export function splitRules(rules: readonly unknown[]): { filter: PlainFilter; others: unknown[] } {
  const filter: Record<string, string[]> = {};
  const others: unknown[] = [];
  for (const rule of rules) {
    const plain = readPlainRule(rule);
    if (!plain) {
      others.push(rule);
      continue;
    }
    const known = filter[plain.side];
    filter[plain.side] = known === undefined ? plain.values : known.filter((value) => plain.values.includes(value));
  }
  return { filter, others };
}

function readPlainRule(rule: unknown): { side: keyof PlainFilter; values: string[] } | undefined {
  if (typeof rule !== 'object' || rule === null) return undefined;
  const { lhv, op, rhv, rule_set: nested }: { lhv?: unknown; op?: unknown; rhv?: unknown; rule_set?: unknown } = rule;
  if (nested !== undefined || typeof lhv !== 'string' || !Object.hasOwn(PLAIN_SIDES, lhv)) return undefined;
  const side = PLAIN_SIDES[lhv];
  const texts = readValues(op, rhv)?.map((text) => text.trim().toLowerCase());
  if (side === undefined || texts === undefined || !texts.every((text) => PLAIN_VALUE.test(text))) return undefined;
  return { side, values: texts };
}

function readValues(op: unknown, rhv: unknown): string[] | undefined {
  if (op === 'is equal to') return typeof rhv === 'string' ? [rhv] : undefined;
  if (op !== 'is included in') return undefined;
  if (typeof rhv === 'string') return parseList(rhv);
  return Array.isArray(rhv) && rhv.every((each) => typeof each === 'string') ? rhv : undefined;
}

import { parseList } from '../rules/parse-list.ts';
import { classifyReason } from '../statistics/classify-reason.ts';
import type { EventFilter } from './event-store.ts';

/** The rules of a question, parted: what the store finds by itself, and what has to be asked of each event. */
export interface SplitRules {
  filter: EventFilter;
  rest: unknown[];
}

/** What a filter has a list of. */
type Listed = 'types' | 'outcomes' | 'flowIds' | 'sourceIds' | 'recipientIds' | 'stepIds';

const FILTERED: ReadonlyMap<string, Listed> = new Map([
  ['type', 'types'],
  ['outcome', 'outcomes'],
  ['vars.flow.id', 'flowIds'],
  ['vars.source.id', 'sourceIds'],
  ['vars.recipient.id', 'recipientIds'],
  ['step_id', 'stepIds'],
]);

/**
 * Takes the rules that say no more than a filter does: equality with values that are written out, of properties that are
 * columns. A rule about the reason narrows the filter and stays a rule, because equality knows no case. What is inside `or`
 * stays as it is.
 */
export function splitRules(rules: readonly unknown[]): SplitRules {
  const split: SplitRules = { filter: {}, rest: [] };
  for (const rule of flatten(rules, 0)) {
    const values = valuesOf(rule);
    const name = FILTERED.get(String(rule['lhv']).trim());
    if (values === undefined) split.rest.push(rule);
    else if (name !== undefined) split.filter[name] = intersectLists(split.filter[name], values);
    else {
      split.rest.push(rule);
      if (String(rule['lhv']).trim() === 'reason') {
        const classes = values.map((value) => classifyReason(value).toLowerCase());
        split.filter.reasonClasses = intersectLists(split.filter.reasonClasses, classes);
      }
    }
  }
  return split;
}

/** Both filters at once; a list of the two keeps what both have. */
export function intersectFilters(one: EventFilter, other: EventFilter): EventFilter {
  const lists = ['types', 'outcomes', 'flowIds', 'sourceIds', 'recipientIds', 'stepIds', 'reasonClasses'] as const;
  return {
    ...one,
    ...Object.fromEntries(lists.map((name) => [name, intersectLists(one[name], other[name] ?? one[name])])),
  };
}

function intersectLists(
  one: readonly string[] | undefined,
  other: readonly string[] | undefined,
): readonly string[] | undefined {
  return one === undefined || other === undefined ? (one ?? other) : one.filter((value) => other.includes(value));
}

type Written = Record<string, unknown>;

/** As deep as rule sets nest. */
const DEPTH_MAX = 32;

/** What must hold, each by itself: the sets of `and` taken apart, and the sets that rules have of their own. */
function flatten(rules: readonly unknown[], depth: number): Written[] {
  return rules.flatMap((each) => {
    const rule = each as Written; // checked by the compiler before
    if (depth < DEPTH_MAX && rule['op'] === 'and' && Array.isArray(rule['rules']))
      return flatten(rule['rules'], depth + 1);
    const { rule_set: nested, ...own } = rule;
    if ('rules' in rule || nested === undefined || nested === null) return [rule];
    return depth < DEPTH_MAX ? [own, ...flatten([nested], depth + 1)] : [rule];
  });
}

/** What a property must be one of, as comparisons see it: without case; undefined: the rule says something else. */
function valuesOf({ op, rhv }: Written): string[] | undefined {
  const members = membersOf(op, rhv);
  const isPlain =
    members?.every((member) => typeof member === 'string' && !NOT_PLAIN.test(member) && member.trim() !== '') ?? false;
  return isPlain ? members?.map((member) => String(member).trim().toLowerCase()) : undefined;
}

function membersOf(op: unknown, rhv: unknown): readonly unknown[] | undefined {
  if (op === 'is equal to') return [rhv];
  if (op !== 'is included in') return undefined;
  if (Array.isArray(rhv)) return rhv;
  return typeof rhv === 'string' ? parseList(rhv) : undefined;
}

/** Templates, and what the database cannot keep. */
const NOT_PLAIN = /\{\{|[\0\p{Surrogate}]/u;

import type { Rule, RuleSet } from '../../../../src/model/rule-set.ts';

/** From a rule set to what is in it, as the document spells it: `['rules', 1, 'rule_set', 'rules', 0]`; empty: itself. */
export type RulePath = readonly (string | number)[];

/** A part of a rule set as the editor shows it; `unreadable` is kept as it is. */
export type Entry =
  | { kind: 'group'; set: RuleSet }
  | { kind: 'rule'; rule: Rule }
  | { kind: 'unreadable'; value: unknown };

/** Ten thousand rules are a rule set's bound, thirty-two its depth; deeper parts are shown as they are written. */
export const DEPTH_MAX = 32;

/** What the server can read is a group or a rule; every other shape is older, or wrong. */
export function readEntry(value: unknown): Entry {
  if (!isObject(value)) return { kind: 'unreadable', value };
  if (!('rules' in value)) {
    // `lhv`, `op` and `rhv` of other types have a fault of their own.
    return 'lhv' in value || 'op' in value || Object.keys(value).length === 0
      ? { kind: 'rule', rule: value as Rule }
      : { kind: 'unreadable', value };
  }
  const { op, rules } = value;
  const isSet = Array.isArray(rules) && (op === 'and' || op === 'or');
  return isSet ? { kind: 'group', set: value as unknown as RuleSet } : { kind: 'unreadable', value };
}

export function getAt(root: unknown, path: RulePath): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<string | number, unknown> | undefined)?.[step], root);
}

/** The rule set with another value at the path; nothing of the given one is changed. */
export function setAt(root: RuleSet, path: RulePath, next: unknown): RuleSet {
  return put(root, path, next) as RuleSet;
}

function put(value: unknown, [step, ...rest]: RulePath, next: unknown): unknown {
  if (step === undefined) return next;
  if (Array.isArray(value)) return value.map((each, index) => (index === step ? put(each, rest, next) : each));
  const before = (value ?? {}) as Record<string, unknown>;
  const inner = put(before[step], rest, next);
  if (inner !== undefined) return { ...before, [step]: inner };
  const { [step]: _gone, ...others } = before;
  return others;
}

/** The rules of the group at the path. */
function rulesAt(root: RuleSet, group: RulePath): readonly unknown[] {
  const rules = getAt(root, [...group, 'rules']);
  return Array.isArray(rules) ? rules : [];
}

/** The group that has the rule at the path, and the place of the rule in it. */
export function placeOf(path: RulePath): { group: RulePath; index: number } {
  return { group: path.slice(0, -2), index: Number(path.at(-1)) };
}

function withRules(root: RuleSet, group: RulePath, rules: readonly unknown[]): RuleSet {
  return setAt(root, [...group, 'rules'], rules);
}

/** Puts a part into a group, before the part that is at this place now. */
export function insertAt(root: RuleSet, path: RulePath, entry: unknown): RuleSet {
  const { group, index } = placeOf(path);
  return withRules(root, group, rulesAt(root, group).toSpliced(index, 0, entry));
}

/** Without the part, and without the groups around it that it leaves empty: an empty group would let every lead pass. */
export function removeAt(root: RuleSet, path: RulePath): RuleSet {
  if (path.at(-1) === 'rule_set') return setAt(root, path, undefined);
  const { group, index } = placeOf(path);
  const left = rulesAt(root, group).toSpliced(index, 1);
  return left.length === 0 && group.length > 0 ? removeAt(root, group) : withRules(root, group, left);
}

export function duplicateAt(root: RuleSet, path: RulePath): { root: RuleSet; path: RulePath } {
  const { group, index } = placeOf(path);
  const next = [...group, 'rules', index + 1];
  return { root: insertAt(root, next, withoutIds(getAt(root, path))), path: next };
}

/** A copy is another rule: its ids are made when it is saved. */
function withoutIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutIds);
  if (!isObject(value)) return value;
  const { id: _id, ...others } = value;
  return Object.fromEntries(Object.entries(others).map(([name, each]) => [name, withoutIds(each)]));
}

/** The rule in a group of its own, of which the other word holds: beside `all` it is the first of an `any`. */
export function wrapAt(root: RuleSet, path: RulePath): { root: RuleSet; path: RulePath } {
  const op = getAt(root, [...placeOf(path).group, 'op']) === 'or' ? 'and' : 'or';
  return { root: setAt(root, path, { op, rules: [getAt(root, path)] }), path: [...path, 'rules', 0] };
}

/** The rules of a group in the place of the group. */
export function unwrapAt(root: RuleSet, path: RulePath): RuleSet {
  const { group, index } = placeOf(path);
  return withRules(root, group, rulesAt(root, group).toSpliced(index, 1, ...rulesAt(root, path)));
}

export type Direction = 'up' | 'down';

/**
 * One place up or down, as in an outline: into the group that comes next, out of the group at its end. undefined: it is
 * the first or the last of all.
 */
export function moveAt(
  root: RuleSet,
  path: RulePath,
  direction: Direction,
): { root: RuleSet; path: RulePath } | undefined {
  const { group, index } = placeOf(path);
  const rules = rulesAt(root, group);
  const entry = rules[index];
  const other = direction === 'up' ? index - 1 : index + 1;
  if (other < 0 || other >= rules.length) return moveOut(root, path, direction);
  const neighbour = readEntry(rules[other]);
  if (neighbour.kind === 'group') {
    const into = direction === 'up' ? neighbour.set.rules.length : 0;
    const filled = insertAt(root, [...group, 'rules', other, 'rules', into], entry);
    const gone = withRules(filled, group, rulesAt(filled, group).toSpliced(index, 1));
    // What stands behind the rule moves up when it leaves.
    return { root: gone, path: [...group, 'rules', direction === 'up' ? other : index, 'rules', into] };
  }
  const swapped = rules.toSpliced(index, 1).toSpliced(other, 0, entry);
  return { root: withRules(root, group, swapped), path: [...group, 'rules', other] };
}

function moveOut(root: RuleSet, path: RulePath, direction: Direction) {
  const { group } = placeOf(path);
  if (group.length === 0) return undefined;
  const entry = getAt(root, path);
  const isOfRule = group.at(-1) === 'rule_set';
  // A rule that is alone in its group takes the place of the group.
  if (!isOfRule && rulesAt(root, group).length === 1) return { root: setAt(root, group, entry), path: group };
  // A rule's own rules are beside the rule.
  const place = placeOf(isOfRule ? group.slice(0, -1) : group);
  const next = [...place.group, 'rules', direction === 'up' ? place.index : place.index + 1];
  return { root: insertAt(removeAt(root, path), next, entry), path: next };
}

/** How many rules there are, without the groups around them. */
export function countRules(ruleSet: unknown, depth = 0): number {
  if (!isObject(ruleSet) || depth > DEPTH_MAX) return 0;
  const { rules, rule_set: nested } = ruleSet;
  if (Array.isArray(rules)) return rules.reduce<number>((sum, each) => sum + countRules(each, depth + 1), 0);
  return depth === 0 ? 0 : 1 + countRules(nested, depth + 1);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

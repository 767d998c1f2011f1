import type { ChangeEnd, DocumentChange } from '../../../../src/changes/diff-documents.ts';
import type { RuleSet } from '../../../../src/model/rule-set.ts';
import { type Names, type Said, sayRuleSet } from '../rules/describe-rule-set.ts';

type Path = readonly (string | number)[];

/** Rules before and after a change, in the words of the rule editor: `State is equal to TX`. */
export interface SaidRules {
  /** What the change is of: the same for all that change one rule. */
  key: string;
  /** Of what has the rules: a filter, a price, the criteria of a source. */
  holder: Path;
  what: 'rule' | 'rules' | 'rules that must hold' | '';
  action: DocumentChange['action'];
  /** null: there were none. */
  before: readonly Said[] | null;
  after: readonly Said[] | null;
}

/** A change of rules; null: it is of something else, or of their order. `others`: of the same comparison. */
export function sayChangedRules(
  change: DocumentChange,
  { others, after, names }: { others: readonly DocumentChange[]; after: unknown; names: Names },
): SaidRules | null {
  const { path, action, previous, current } = change;
  if (action === 'moved') return null;
  const set = path.indexOf('rule_set');
  if (set < 0) {
    const ends = { before: sayHeld(previous, names), after: sayHeld(current, names) };
    if (ends.before === null && ends.after === null) return null;
    return { key: path.join('.'), holder: path, what: '', action, ...ends };
  }
  const holder = path.slice(0, set);
  const place = path.findLastIndex((step, index) => path[index - 1] === 'rules' && typeof step === 'number');
  if (place < 0) {
    const key = path.join('.');
    if (path.length === set + 1)
      return { key, holder, what: 'rules', action, before: sayHeld(previous, names), after: sayHeld(current, names) };
    return path.at(-1) === 'op' ? { key, holder, what: 'rules that must hold', action, ...sayOps(change) } : null;
  }
  const rule = path.slice(0, place + 1);
  const key = rule.join('.');
  if (rule.length === path.length)
    return {
      key,
      holder,
      what: 'rule',
      action,
      before: sayRule(previous?.value, names),
      after: sayRule(current?.value, names),
    };
  if (path.at(-1) === 'op' && typeof previous?.value === 'string' && OPS.has(previous.value))
    return { key: path.join('.'), holder, what: 'rules that must hold', action, ...sayOps(change) };
  const now = rule.reduce<unknown>(
    (value, step) => (value as Record<string | number, unknown> | undefined)?.[step],
    after,
  );
  const former = others
    .filter((other) => other.path.length === rule.length + 1 && rule.every((step, index) => other.path[index] === step))
    .reduce<unknown>((value, other) => withMember(value, String(other.path.at(-1)), other.previous), now);
  return { key, holder, what: 'rule', action: 'changed', before: sayRule(former, names), after: sayRule(now, names) };
}

/** How many changes have no row of their own, because another one of the same rule has it. */
export function countMerged(changes: readonly Pick<DocumentChange, 'action' | 'path' | 'previous'>[]): number {
  const rules = changes.flatMap((change) => keyOfInside(change) ?? []);
  return rules.length - new Set(rules).size;
}

function keyOfInside({ action, path, previous }: Pick<DocumentChange, 'action' | 'path' | 'previous'>): string | null {
  const place = path.findLastIndex((step, index) => path[index - 1] === 'rules' && typeof step === 'number');
  const isOfSet = path.at(-1) === 'op' && OPS.has(previous?.value);
  const isInside = action !== 'moved' && path.includes('rule_set') && place >= 0 && place + 1 < path.length;
  return isInside && !isOfSet ? path.slice(0, place + 1).join('.') : null;
}

function withMember(value: unknown, name: string, end: ChangeEnd | null): unknown {
  return readObject(value) && { ...readObject(value), [name]: end?.value };
}

const OPS: ReadonlyMap<unknown, string> = new Map([
  ['and', 'all of them'],
  ['or', 'any of them'],
]);

function sayOps({ previous, current }: DocumentChange): Pick<SaidRules, 'before' | 'after'> {
  const say = (end: ChangeEnd | null): Said[] | null =>
    end && [{ kind: 'words', text: OPS.get(end.value) ?? String(end.value) }];
  return { before: say(previous), after: say(current) };
}

/** Of a set, or of what has one as `rule_set`. */
function sayHeld(end: ChangeEnd | null, names: Names): readonly Said[] | null {
  const value = readObject(end?.value);
  const set = readObject(value?.['rule_set']) ?? value;
  return Array.isArray(set?.['rules']) ? say(set as unknown as RuleSet, names) : null;
}

function sayRule(value: unknown, names: Names): readonly Said[] | null {
  return value === undefined ? null : say({ op: 'and', rules: [value] } as RuleSet, names);
}

function say(set: RuleSet, names: Names): readonly Said[] | null {
  const said = sayRuleSet(set, { ...names, areOperatorsNamed: true });
  return said.length === 0 ? [{ kind: 'words', text: 'no rules' }] : said;
}

function readObject(value: unknown): Record<string, unknown> | undefined {
  // An object of JSON, which has named members.
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

import { FOUND_BY, LIST_CHECKS } from '../../../../src/explain/sentences.ts';
import { appendKeyOf } from '../../../../src/model/append-key.ts';
import { listDeliverySteps } from '../../../../src/model/delivery-steps.ts';
import type { Rule, RuleSet } from '../../../../src/model/rule-set.ts';
import { parseList } from '../../../../src/rules/parse-list.ts';
import type { EditorNames } from '../part-props.ts';
import { labelOf } from './list-variables.ts';
import { wordsOf } from './operator-words.ts';
import { DEPTH_MAX, readEntry } from './rule-tree.ts';

export { countRules } from './rule-tree.ts';

/** A piece of a sentence: what it says, and what of it is a field, a value of the author's, or a template. */
export interface Said {
  kind: 'words' | 'field' | 'value' | 'template';
  text: string;
}

export type Names = Pick<EditorNames, 'fields'> &
  Partial<Pick<EditorNames, 'document'>> & {
    /** Each operator by its own name, where two of them are compared: `is equal to` and `is included in` are both said as `is`. */
    areOperatorsNamed?: boolean;
  };

/**
 * What must hold of a lead, as half a sentence: `State is TX or OK, and Email is not blank`. Empty: nothing, every lead
 * passes. Long ones end in the number of rules that are left out.
 */
export function describeRuleSet(ruleSet: RuleSet | null | undefined, names: Names): string {
  return sayRuleSet(ruleSet, names)
    .map(({ text }) => text)
    .join('');
}

/** The same in pieces. */
export function sayRuleSet(ruleSet: RuleSet | null | undefined, names: Names): Said[] {
  if (ruleSet === null || ruleSet === undefined) return [];
  const speaker: Speaker = { names, left: RULES_SAID_MAX, omitted: 0 };
  const said = sayEntry(ruleSet, { speaker, depth: 0, isNested: false });
  if (speaker.omitted === 0) return said;
  return [...said, words(`, and ${speaker.omitted} more ${speaker.omitted === 1 ? 'rule' : 'rules'}`)];
}

/** Rules that one sentence says; nobody reads a longer one. */
const RULES_SAID_MAX = 12;
/** Members of a list that a sentence names. */
const MEMBERS_SAID_MAX = 4;
const VALUE_CHARACTERS_MAX = 60;

interface Speaker {
  names: Names;
  left: number;
  omitted: number;
}

interface Place {
  speaker: Speaker;
  depth: number;
  /** Inside a group of several. */
  isNested: boolean;
}

function sayEntry(value: unknown, place: Place): Said[] {
  const entry = readEntry(value);
  switch (entry.kind) {
    case 'group':
      return sayGroup(entry.set.op, entry.set.rules, place);
    case 'rule':
      return sayWithNested(entry.rule, place);
    case 'unreadable':
      return take(place.speaker) ? [words('a rule that cannot be read holds')] : [];
  }
}

function take(speaker: Speaker): boolean {
  if (speaker.left === 0) speaker.omitted += 1;
  else {
    speaker.left -= 1;
    return true;
  }
  return false;
}

function sayGroup(op: Op, rules: readonly unknown[], place: Place): Said[] {
  if (place.depth > DEPTH_MAX) return [words('deeper rules hold')];
  const members = rules.flatMap((rule) => inline(rule, op, place.depth));
  const inner = { ...place, depth: place.depth + 1, isNested: place.isNested || members.length > 1 };
  const parts = members.map((rule) => sayEntry(rule, inner)).filter((part) => part.length > 0);
  const [only] = parts;
  if (only === undefined || parts.length === 1) return only ?? [];
  const joined = joinParts(parts, op);
  if (!place.isNested) return joined;
  if (place.depth === 1 && op === 'or') return [words('either '), ...joined];
  return [words('('), ...joined, words(')')];
}

type Op = RuleSet['op'];

/** A group inside one that holds in the same way says nothing new; a rule's own rules must hold with it. */
function inline(value: unknown, op: Op, depth: number): unknown[] {
  const entry = readEntry(value);
  if (depth > DEPTH_MAX) return [value];
  if (entry.kind === 'group' && (entry.set.op === op || entry.set.rules.length === 1))
    return entry.set.rules.flatMap((rule) => inline(rule, op, depth + 1));
  if (entry.kind !== 'rule' || op !== 'and') return [value];
  const { rule_set: nested, ...own } = entry.rule;
  return nested === null || nested === undefined ? [value] : [own, ...inline(nested, op, depth + 1)];
}

/** `A and B`, `A, B, and C`. */
function joinParts(parts: readonly (readonly Said[])[], op: Op): Said[] {
  const word = op === 'and' ? 'and' : 'or';
  const isLong = parts.length > 2 || parts.some((part) => part.some(({ text }) => / (?:or|and) |, /.test(text)));
  return parts.flatMap((part, index) => {
    if (index === 0) return part;
    const comma = isLong ? ',' : '';
    return [words(index === parts.length - 1 ? `${comma} ${word} ` : ', '), ...part];
  });
}

/** A rule's own rules must hold with it. */
function sayWithNested(rule: Rule, place: Place): Said[] {
  const { rule_set: nested, ...own } = rule;
  if (nested === null || nested === undefined) return take(place.speaker) ? sayRule(own, place.speaker.names) : [];
  return sayGroup('and', [own, nested], place);
}

function sayRule(rule: Rule, names: Names): Said[] {
  const found = sayListCheck(rule);
  if (found !== undefined) return [words(found)];
  const left = sayLeft(rule.lhv, names);
  const operator = wordsOf(rule.op);
  const clause = names.areOperatorsNamed ? rule.op : operator?.clause;
  if (operator === undefined) return [left, words(` ${rule.op ?? 'has no operator'} `), ...sayRight(rule, names)];
  if (operator.right === 'none') return [left, words(` ${clause}`)];
  return [left, words(` ${clause} `), ...sayRight(rule, names)];
}

const TRUE_OPERATORS: ReadonlyMap<string, boolean> = new Map([
  ['is true', true],
  ['is not false', true],
  ['is false', false],
  ['is not true', false],
]);

/** What a list check found, in the words of explanations: `the lead is not a duplicate`. */
function sayListCheck({ lhv, op }: Rule): string | undefined {
  const check = LIST_CHECKS.get(FOUND_BY.get(String(lhv).trim()) ?? '');
  const wanted = TRUE_OPERATORS.get(String(op));
  if (check === undefined || wanted === undefined) return undefined;
  return wanted ? check.found : check.missing;
}

function sayLeft(lhv: unknown, names: Names): Said {
  if (typeof lhv !== 'string' || lhv.trim() === '') return { kind: 'words', text: 'a field that is not chosen' };
  const variable = variableOf(lhv);
  if (variable === undefined) return { kind: 'template', text: shortened(lhv) };
  return { kind: 'field', text: nameVariable(variable, names) };
}

/** The path that a left side or a template of one variable reads; undefined: it is another template. */
export function variableOf(written: string): string | undefined {
  const text = written.trim();
  if (!text.includes('{{')) return text;
  return /^\{\{\s*([\p{L}_][\p{L}\p{N}_.'[\]{}-]*?)\s*\}\}$/u.exec(text)?.[1];
}

/** `State`, `Phone 1 Area`; of what a recipient answered with the recipient's name. */
export function nameVariable(path: string, { fields, document }: Names): string {
  const [key = '', ...rest] = path.split('.');
  const recipient = document && rest.length > 0 ? findRecipient(key, document) : undefined;
  return recipient === undefined ? labelOf(path, fields) : `${recipient} ${labelOf(rest.join('.'), [])}`;
}

function findRecipient(key: string, document: EditorNames['document']): string | undefined {
  return listDeliverySteps(document).find(({ step }) => appendKeyOf(step) === key)?.step.entity.name;
}

function sayRight({ op, rhv }: Rule, names: Names): Said[] {
  if (rhv === undefined || rhv === null || rhv === '') return [words('…')];
  const isListed = wordsOf(op)?.right === 'list';
  if (typeof rhv === 'string' && !rhv.includes('{{') && isListed) return sayMembers(parseList(rhv), names, op);
  if (Array.isArray(rhv)) return sayMembers(rhv.map(String), names, op);
  return [sayValue(typeof rhv === 'object' ? JSON.stringify(rhv) : String(rhv), names)];
}

function sayMembers(members: readonly string[], names: Names, op: unknown): Said[] {
  const word = op === 'is between' || op === 'is not between' ? ' and ' : ' or ';
  const more = members.length - MEMBERS_SAID_MAX;
  const said = members.slice(0, MEMBERS_SAID_MAX).map((member) => sayValue(member, names));
  const joined = said.flatMap((part, index) => {
    if (index === 0) return [part];
    return [words(index === said.length - 1 && more <= 0 ? word : ', '), part];
  });
  const isCounted = more > 0;
  return isCounted ? [words(`one of ${members.length}: `), ...joined, words(' …')] : joined;
}

function sayValue(text: string, names: Names): Said {
  if (!text.includes('{{')) return { kind: 'value', text: shortened(text) };
  const variable = variableOf(text);
  if (variable === undefined) return { kind: 'template', text: shortened(text) };
  return { kind: 'field', text: nameVariable(variable, names) };
}

function words(text: string): Said {
  return { kind: 'words', text };
}

/** Cut between characters, not inside one. */
function shortened(text: string): string {
  const head = text.slice(0, VALUE_CHARACTERS_MAX).replace(/[\ud800-\udbff]$/, '');
  return text.length > VALUE_CHARACTERS_MAX ? `${head}…` : text;
}

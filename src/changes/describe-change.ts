import { quoted, shown } from '../explain/wording.ts';
import type { DocumentChange } from './diff-documents.ts';
import { wordsOfPart } from './part-words.ts';

/*
 * A change in the words of the product: `Cap "Texas daily" 50 → 80`. The names are those of the state in which the thing
 * was there.
 */

interface States {
  before: unknown;
  after: unknown;
}

/** A sentence for a change from one state of a document to the next. */
export function describeChange(change: DocumentChange, states: States): string {
  const place = readPlace(change.path, stateOf(change, states));
  const [own, ...holders] = place.things.toReversed();
  const within = holders.toReversed().map(nameOf).join(' › ');
  if (own !== undefined && place.rest.length === 0) return describeThing(change, { own, within });
  const holder = place.things.map(nameOf).join(' › ');
  const what = place.rest.map(labelOf).join(' › ');
  if (own?.kind === 'cap' && what === 'maximum' && change.action === 'changed') {
    return capitalised(`${holder} ${endText(change.previous)} → ${endText(change.current)}`);
  }
  if (own?.kind === 'price' && what === 'amount' && change.action === 'changed') {
    return capitalised(`${within === '' ? 'price' : `${within}: price`} ${endText(change.previous)} → ${own.name}`);
  }
  const subject = holder === '' ? what : `${holder}: ${what}`;
  return capitalised(describeValue(change, { subject, holder, what }));
}

/** The same as the cells of a table. */
export interface ChangeInWords {
  /** What it is about, from the outside: `source "Acme"`, `cap "Texas daily"`; none of a property of the document itself. */
  things: string[];
  /** The property of the last of them, in words; empty: the thing itself. */
  what: string;
  /** null: it was not there. */
  previous: string | null;
  /** null: it is not there any more. */
  current: string | null;
}

/** A change by its parts: where, what, and the value before and after. */
export function explainChange(change: DocumentChange, states: States): ChangeInWords {
  const { things, rest } = readPlace(change.path, stateOf(change, states));
  const detail = rest.length === 0 ? things.at(-1)?.detail : undefined;
  const textOf = (end: DocumentChange['previous'], isShort: boolean) =>
    end === null
      ? null
      : change.action === 'moved'
        ? `place ${placeOf(end)}`
        : isShort
          ? detail
          : textOfValue(end.value);
  const isThing = rest.length === 0 && (change.action === 'added' || change.action === 'removed');
  return {
    things: things.map(nameOf),
    what: rest.map(labelOf).join(' › '),
    previous: textOf(change.previous, isThing) ?? null,
    current: textOf(change.current, isThing) ?? null,
  };
}

/** A place of a document in words: `Source "Acme" › cap "Texas daily" › maximum`; empty: all of it. */
export function describePlace(path: readonly (string | number)[], document: unknown): string {
  const { things, rest } = readPlace(path, document);
  return capitalised([...things.map(nameOf), ...rest.map(labelOf)].join(' › '));
}

function stateOf({ action }: DocumentChange, { before, after }: States): unknown {
  return action === 'removed' ? before : after;
}

function describeThing(change: DocumentChange, { own, within }: { own: Thing; within: string }): string {
  const name = nameOf(own);
  const detail = own.detail === undefined ? '' : ` (${own.detail})`;
  switch (change.action) {
    case 'added':
      return `Added ${name}${detail}${within === '' ? '' : ` to ${within}`}`;
    case 'removed':
      return `Removed ${name}${detail}${within === '' ? '' : ` from ${within}`}`;
    case 'moved':
      return `Moved ${name} from place ${placeOf(change.previous)} to ${placeOf(change.current)}${within === '' ? '' : ` in ${within}`}`;
    case 'changed':
      return capitalised(
        `${within === '' ? '' : `${within} › `}${name}: ${endText(change.previous)} → ${endText(change.current)}`,
      );
  }
}

function describeValue(
  change: DocumentChange,
  { subject, holder, what }: { subject: string; holder: string; what: string },
): string {
  const [previous, current] = [endText(change.previous), endText(change.current)];
  if (what === 'enabled') {
    const isOn = change.current?.value !== false && change.current !== null;
    const isNew = change.action === 'changed' || change.current?.value === false || change.previous?.value === false;
    if (isNew) return `${holder === '' ? 'flow' : holder} switched ${isOn ? 'on' : 'off'}`;
  }
  switch (change.action) {
    case 'added':
      return `${subject}: added ${current}`;
    case 'removed':
      return `${subject}: removed ${previous}`;
    case 'moved':
      return `${subject}: moved from place ${placeOf(change.previous)} to ${placeOf(change.current)}`;
    case 'changed':
      return `${subject}: ${previous} → ${current}`;
  }
}

/** Something with a name: what holds the change, or what was changed. */
interface Thing {
  kind: string;
  name: string;
  /** What tells more of it in a few words; undefined: nothing does. */
  detail: string | undefined;
}

function nameOf({ kind, name }: Thing): string {
  return `${kind} ${name}`;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** The things along the path, and what of it names no thing. */
function readPlace(path: readonly (string | number)[], state: unknown): { things: Thing[]; rest: (string | number)[] } {
  const things: Thing[] = [];
  let rest: (string | number)[] = [];
  let value: unknown = state;
  for (const [index, step] of path.entries()) {
    value = isObject(value) || Array.isArray(value) ? (value as JsonObject)[step] : undefined;
    rest.push(step);
    const list = path[index - 1];
    const thing = typeof step === 'number' && typeof list === 'string' ? THINGS[list]?.(value, step) : undefined;
    if (!thing) continue;
    things.push(thing);
    rest = [];
  }
  return { things, rest };
}

type ReadThing = (value: unknown, index: number) => Thing | undefined;

/** What stands in lists of these names. */
const THINGS: Readonly<Record<string, ReadThing>> = {
  sources: named('source', (source) => entityName(source)),
  steps: (value, index) => readStep(value, index),
  recipients: named('recipient', (recipient) => recipient['description'] ?? entityName(recipient)),
  caps: (value, index) => withDetail(named('cap', (cap) => cap['name'])(value, index), capDetail(value)),
  ping_limits: (value, index) => withDetail(named('ping limit', (cap) => cap['name'])(value, index), capDetail(value)),
  destinations: named('destination', (destination) => destination['name']),
  mappings: (value, index) =>
    withDetail(named('mapping', (mapping) => mapping['property'])(value, index), memberText(value, 'value')),
  prices: (value) => (isObject(value) ? { kind: 'price', name: shown(value['amount']), detail: undefined } : undefined),
  rules: (value) => (isObject(value) ? { kind: 'rule', name: ruleText(value), detail: undefined } : undefined),
  routes: named('route', (route) => route['name']),
  actions: named('action', (action) => action['name']),
};

/** By its name, or else by its place. */
function named(kind: string, read: (value: JsonObject) => unknown): ReadThing {
  return (value, index) => {
    if (!isObject(value)) return undefined;
    const name = read(value);
    return {
      kind,
      name: typeof name === 'string' && name !== '' ? quoted(name) : String(index + 1),
      detail: undefined,
    };
  };
}

function readStep(value: unknown, index: number): Thing | undefined {
  if (!isObject(value)) return undefined;
  const type = value['type'];
  const kind = type === 'filter' || type === 'distribution' ? type : 'step';
  return named(kind, (step) => step['description'] ?? step['name'] ?? entityName(step))(value, index);
}

function withDetail(thing: Thing | undefined, detail: string | undefined): Thing | undefined {
  return thing && { ...thing, detail };
}

function entityName(holder: JsonObject): unknown {
  const entity = holder['entity'];
  return isObject(entity) ? (entity['name'] ?? entity['id']) : undefined;
}

/** `50 per day`, `1000 dollars per 2 weeks`. */
function capDetail(cap: unknown): string | undefined {
  if (!isObject(cap)) return undefined;
  const { maximum, duration, duration_units: unit, type } = cap;
  const span = duration === 1 ? String(unit) : `${String(duration)} ${String(unit)}s`;
  return `${shown(maximum)}${type === 'revenue' ? ' dollars' : ''} per ${span}`;
}

/** `lead.state is equal to TX`; of nested rules how many there are. */
function ruleText(rule: JsonObject): string {
  const rules = rule['rules'];
  if (Array.isArray(rules)) return `set of ${rules.length} (${String(rule['op'])})`;
  const right = rule['rhv'];
  const sides = [rule['lhv'], rule['op'], Array.isArray(right) ? right.join(', ') : right];
  return quoted(
    sides
      .filter((side) => side !== undefined && side !== null && side !== '')
      .map(String)
      .join(' '),
  );
}

function memberText(value: unknown, name: string): string | undefined {
  return isObject(value) && value[name] !== undefined ? textOfValue(value[name]) : undefined;
}

function endText(end: DocumentChange['previous']): string {
  return end === null ? 'nothing' : textOfValue(end.value);
}

function textOfValue(value: unknown): string {
  if (typeof value !== 'object' || value === null) return shown(value);
  return textOfObject(value) ?? wordsOfPart(value) ?? shown(JSON.stringify(value));
}

/** What people call it; undefined: nothing here has words for it. */
function textOfObject(value: object): string | undefined {
  if (Array.isArray(value))
    return value.every((member) => typeof member === 'string') ? shown(value.join(', ')) : undefined;
  if (!isObject(value)) return undefined;
  const { rules, rule_set: ruleSet, prices, value: amount, interval } = value;
  if (Array.isArray(rules)) return ruleSetText(rules, value['op']);
  if (isObject(ruleSet) && Array.isArray(ruleSet['rules'])) return ruleSetText(ruleSet['rules'], ruleSet['op']);
  if (value['override'] === true) return 'the price that is answered or submitted';
  if (Array.isArray(prices) && prices.every(isObject)) return pricesText(prices);
  if (typeof amount === 'number' && typeof interval === 'string')
    return `${amount} ${interval}${amount === 1 ? '' : 's'}`;
  return undefined;
}

/** Rules of a set that are told one by one. */
const RULES_SHOWN_MAX = 3;

function ruleSetText(rules: readonly unknown[], op: unknown): string {
  const texts = rules.slice(0, RULES_SHOWN_MAX).map((rule) => (isObject(rule) ? ruleText(rule) : shown(rule)));
  const joined = texts.join(op === 'or' ? ' or ' : ' and ');
  const more = rules.length - texts.length;
  if (rules.length === 0) return 'no rules';
  return more > 0 ? `${joined} and ${more} more ${more === 1 ? 'rule' : 'rules'}` : joined;
}

function pricesText(prices: readonly JsonObject[]): string {
  if (prices.length === 0) return 'no price';
  return prices
    .map(({ amount, rule_set: rules }) => `${dollarsText(amount)}${isObject(rules) ? ' with rules' : ''}`)
    .join(', ');
}

/** `$4.50`; what is no amount as it is. */
function dollarsText(amount: unknown): string {
  if (typeof amount !== 'number') return shown(amount);
  return `$${Number.isInteger(Math.round(amount * 10_000) / 100) ? amount.toFixed(2) : String(amount)}`;
}

function placeOf(end: DocumentChange['previous']): number {
  return (end?.index ?? 0) + 1;
}

/** Properties that the editor of a flow calls otherwise than the document. */
const EDITOR_WORDS: Readonly<Record<string, string>> = {
  acceptance_criteria: 'criteria',
  pricing: 'price',
  hours_of_operation: 'hours',
};

function labelOf(step: string | number): string {
  return typeof step === 'number' ? `no. ${step + 1}` : (EDITOR_WORDS[step] ?? step.replaceAll('_', ' '));
}

function capitalised(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

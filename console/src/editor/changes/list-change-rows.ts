import { redactSecrets } from '../../../../src/access/redact-secrets.ts';
import { describeChange, explainChange } from '../../../../src/changes/describe-change.ts';
import { describeChanges } from '../../../../src/changes/describe-changes.ts';
import { type DocumentChange, diffDocuments } from '../../../../src/changes/diff-documents.ts';
import type { FlowDocument, ListCheckName } from '../../../../src/model/flow.ts';
import { formatMoney } from '../../parts/format-money.ts';
import { CHECKS } from '../checks/describe-list-checks.ts';
import type { Names } from '../rules/describe-rule-set.ts';
import { toPlainDocument } from './plain-document.ts';
import { type SaidRules, sayChangedRules } from './say-rules.ts';

/** One change as a line of a table. */
export interface ChangeRow {
  /** Different for each row of a list. */
  key: string;
  /** The part of the flow it belongs to: `Source "Acme"`, `The flow`. */
  group: string;
  /** What changed in it: `cap "Texas daily" › maximum`. */
  what: string;
  action: DocumentChange['action'];
  /** Texts to show; null: it was not there, is not there any more, or has no value that tells anything. */
  before: string | null;
  after: string | null;
  /** The same of rules, in pieces. */
  said?: Pick<SaidRules, 'before' | 'after'>;
  /** All of it as one sentence. */
  sentence: string;
  change: DocumentChange;
}

export interface ListedChanges {
  rows: ChangeRow[];
  /** Changes beyond the bound of a comparison. */
  more: number;
}

interface States {
  before: unknown;
  after: unknown;
}

export const FLOW_GROUP = 'The flow';

/** What differs between two states of a flow, in the words of the API, part by part: the flow itself, its sources, its steps. */
export function listChangeRows(before: unknown, after: unknown, fields: Names['fields'] = []): ListedChanges {
  const [left, right] = [toPlainDocument(before), toPlainDocument(after)];
  const states = { before: redactSecrets(left), after: redactSecrets(right) };
  const { changes, more } = describeChanges(left, right);
  // Rules are named by the flow as it is now; a recipient that is gone is known by its key.
  const names: Names = { fields, ...(isFlow(states.after) && { document: states.after }) };
  const rows = [
    ...new Map(
      changes
        .filter(tells)
        .map((change) => rulesRowOf(change, { states, changes, names }) ?? sayChecks(rowOf(change, states), fields))
        .map((row) => [row.key, row]),
    ).values(),
    ...listReplacedSecrets(left, right).map((change) => secretRowOf(change, states)),
  ];
  return { rows: inGroups(rows), more };
}

/** As a count of changes is written everywhere: `1 change`, `3 changes`. */
export function countChanges({ rows, more }: ListedChanges): string {
  const count = rows.length + more;
  return count === 1 ? '1 change' : `${count} changes`;
}

/** Ids that the server gives tell nothing, but for that of an entity: who it is. */
function tells({ path }: DocumentChange): boolean {
  return path.at(-1) !== 'created_at' && (path.at(-1) !== 'id' || path.at(-2) === 'entity');
}

/** A switch: on unless it says otherwise. */
function isSwitch({ path }: DocumentChange): boolean {
  return path.at(-1) === 'enabled' && (path.length === 1 || typeof path.at(-2) === 'number');
}

function rowOf(change: DocumentChange, states: States): ChangeRow {
  const { things, what, previous, current } = explainChange(change, states);
  const [first = '', ...others] = things;
  const isPart = PARTS.test(first);
  const inner = isPart ? others : things;
  // The name of a price is its amount.
  const names = what === 'amount' ? inner.map((name) => name.replace(/^price .*/, 'price')) : inner;
  const property = (what === 'amount' && names.at(-1) === 'price') || isSwitch(change) ? '' : what;
  const inside = [...names, ...(property === '' ? [] : [property])].join(' › ');
  return {
    key: `${change.action} ${change.path.join('.')}`,
    group: isPart ? capitalised(first) : FLOW_GROUP,
    what: inside === '' ? `The whole ${first.split(' ')[0] || 'flow'}` : capitalised(inside),
    ...{ action: change.action, change },
    ...readEnds(change, nameEnds(change, { before: previous, after: current }, things.at(-1))),
    sentence: describeChange(change, states),
  };
}

/** List checks by their titles and the labels of fields, as in the editor: `Do not call: Phone 1 in "Refused"`. */
function sayChecks(row: ChangeRow, fields: Names['fields']): ChangeRow {
  if (!row.change.path.includes('list_checks')) return row;
  const say = (text: string | null) =>
    text
      ?.replace(/^(\w+)(?=: )/, (name) => CHECKS[name as ListCheckName]?.title ?? name) // another word stays as it is
      .replace(/\{\{lead\.(\w+)\}\}/g, (all, id) => fields.find((field) => field.id === id)?.name ?? all) ?? null;
  return { ...row, before: say(row.before), after: say(row.after) };
}

/** A document with all parts; while it is edited, some may lack. */
function isFlow(state: unknown): state is FlowDocument {
  return typeof state === 'object' && state !== null && 'steps' in state && 'sources' in state;
}

/** All changes of one rule are one row; null: it is no change of rules. */
function rulesRowOf(
  change: DocumentChange,
  { states, changes, names }: { states: States; changes: readonly DocumentChange[]; names: Names },
): ChangeRow | null {
  const rules = sayChangedRules(change, { others: changes, after: states.after, names });
  if (rules === null) return null;
  const { key, holder, what, action, before, after } = rules;
  const row = rowOf({ ...change, path: holder }, states);
  const isWhole = row.what.startsWith('The whole ');
  const words = what === '' ? row.what : isWhole ? what : `${row.what} › ${what}`;
  const textOf = (said: SaidRules['before']) => said?.map(({ text }) => text).join('') ?? null;
  return {
    ...row,
    ...{ key: `${action} ${key}`, what: capitalised(words), action, change, said: { before, after } },
    ...{ before: textOf(before), after: textOf(after), sentence: describeChange(change, states) },
  };
}

/** What stands for itself in a list of changes. */
const PARTS = /^(?:source|step|filter|distribution|destination) /;

/** Secrets are not shown, so the replaced ones have no difference in words. What the server hid already is not compared. */
function listReplacedSecrets(before: unknown, after: unknown): DocumentChange[] {
  if (before === null || after === null) return [];
  const told = new Set(
    diffDocuments(redactSecrets(before), redactSecrets(after)).changes.map(({ path }) => path.join('.')),
  );
  return diffDocuments(before, after).changes.filter(
    ({ action, path, previous, current }) =>
      action === 'changed' && !told.has(path.join('.')) && previous?.value !== HIDDEN && current?.value !== HIDDEN,
  );
}

const HIDDEN = '[redacted]';

function secretRowOf(change: DocumentChange, states: States): ChangeRow {
  const row = rowOf(change, states);
  return {
    ...row,
    key: `secret ${row.key}`,
    before: 'a secret',
    after: 'another secret',
    sentence: `${row.group}: a secret was replaced`,
  };
}

/** What came or went is called by its name where nothing tells more of it. */
function nameEnds(
  { action }: DocumentChange,
  { before, after }: Pick<ChangeRow, 'before' | 'after'>,
  name: string | undefined,
): Pick<ChangeRow, 'before' | 'after'> {
  const thing = name === undefined ? null : capitalised(name);
  return {
    before: action === 'removed' ? (before ?? thing) : before,
    after: action === 'added' ? (after ?? thing) : after,
  };
}

/** Switches and prices in the words of the page; everything else as the API tells it. */
function readEnds(
  change: DocumentChange,
  texts: Pick<ChangeRow, 'before' | 'after'>,
): Pick<ChangeRow, 'before' | 'after'> {
  const { path, previous, current } = change;
  if (isSwitch(change)) return { before: onOrOff(previous), after: onOrOff(current) };
  if (path.at(-1) !== 'amount' || !path.includes('pricing')) return texts;
  const moneyOf = (end: DocumentChange['previous']) => (typeof end?.value === 'number' ? formatMoney(end.value) : null);
  return { before: moneyOf(previous) ?? texts.before, after: moneyOf(current) ?? texts.after };
}

function onOrOff(end: DocumentChange['previous']): string {
  return end?.value === false ? 'off' : 'on';
}

/** Rows of one part stand together, in the order in which the parts come first; the flow itself is first. */
function inGroups(rows: readonly ChangeRow[]): ChangeRow[] {
  const groups = new Map<string, ChangeRow[]>([[FLOW_GROUP, []]]);
  for (const row of rows) groups.set(row.group, [...(groups.get(row.group) ?? []), row]);
  return [...groups.values()].flat();
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

import { describePlace } from '../../../../src/changes/describe-change.ts';
import { appendKeyOf } from '../../../../src/model/append-key.ts';
import type { FlowDocument, RecipientStep } from '../../../../src/model/flow.ts';
import { formatMoney } from '../../parts/format-money.ts';
import type { ChangeRow } from './list-change-rows.ts';

/** What a change does to leads that are on their way, as far as it is known before anybody publishes it. */
export interface Risk {
  /** `risk`: leads or money are lost unless it is meant; `note`: worth a look. */
  level: 'risk' | 'note';
  text: string;
}

/** What happened lately, and stands now. */
export interface FlowFacts {
  /** Leads of the last 24 hours by the id of the source’s entity. */
  leads: ReadonlyMap<string, number>;
  /** Caps of what is live, by id. */
  caps: ReadonlyMap<string, { used: number; opensAt: string }>;
}

export const NO_FACTS: FlowFacts = { leads: new Map(), caps: new Map() };

/** Readers that are named; further ones are counted. */
const READERS_NAMED_MAX = 3;
/** Rows of one part of a document; what lies deeper is no flow. */
const DEPTH_MAX = 60;

interface Context {
  before: FlowDocument;
  after: FlowDocument;
  facts: FlowFacts;
  /** A moment in the zone of the account. */
  writeTime: (moment: string) => string;
}

/** The risk of a row; null: none that can be told from the two documents and the facts. */
export function findRisk(row: ChangeRow, context: Context): Risk | null {
  for (const check of CHECKS) {
    const found = check(row, context);
    if (found) return found;
  }
  return null;
}

type Check = (row: ChangeRow, context: Context) => Risk | null;

const risk = (text: string): Risk => ({ level: 'risk', text });
const note = (text: string): Risk => ({ level: 'note', text });

const isOff = ({ change: { current, previous } }: ChangeRow) => current?.value === false && previous?.value !== false;

const CHECKS: readonly Check[] = [
  function flowGoesOff(row, { before, facts }) {
    if (place(row) !== 'enabled' || !isOff(row)) return null;
    const leads = before.sources.reduce((sum, source) => sum + leadsOf(source, facts), 0);
    return leads === 0 ? note('Its leads will end as errors.') : risk(`Its ${countLeads(leads)} will end as errors.`);
  },
  function sourceGoes(row, { before, after, facts }) {
    const [list, index, property, ...more] = row.change.path;
    if (list !== 'sources' || more.length > 0) return null;
    const isGone = row.action === 'removed' && property === undefined;
    if (!isGone && !(property === 'enabled' && isOff(row))) return null;
    const leads = leadsOf((isGone ? before : after).sources[Number(index)], facts);
    if (leads === 0) return note('No lead came from it in the last 24 hours.');
    return risk(`It sent ${countLeads(leads)}, which will be refused.`);
  },
  function sourceNeedsKey(row, { after, facts }) {
    const [list, index, property] = row.change.path;
    if (list !== 'sources' || property !== 'authentication_required' || row.change.current?.value !== true) return null;
    const leads = leadsOf(after.sources[Number(index)], facts);
    return leads === 0 ? null : risk(`Senders without an API key get 401; it sent ${countLeads(leads)}.`);
  },
  function sourceMoves(row) {
    const [list, , ...rest] = row.change.path;
    if (list !== 'sources' || rest.join('.') !== 'entity.id' || row.action !== 'changed') return null;
    return risk('Its submit URL changes: senders must be told.');
  },
  function capIsUsedUp(row, { after, facts, writeTime }) {
    const { path, current } = row.change;
    if (path.at(-1) !== 'maximum' || path.at(-3) !== 'caps' || row.action !== 'changed') return null;
    const counter = facts.caps.get(String(memberAt(after, path.slice(0, -1))?.['id']));
    const maximum = Number(current?.value);
    if (!counter || counter.used < maximum) return null;
    return risk(`${counter.used} are used already: the cap is full until ${writeTime(counter.opensAt)}.`);
  },
  function capStartsAnew(row, { before, facts }) {
    const { path, current } = row.change;
    if (path.at(-2) !== 'caps' || row.action !== 'added') return null;
    const added = readObject(current?.value);
    const twin = listCaps(before).find(
      ({ name, id }) => name !== undefined && name === added?.['name'] && id !== added?.['id'],
    );
    const used = twin && facts.caps.get(String(twin['id']))?.used;
    return used ? risk(`It is a new cap: it counts from 0, not from ${used}.`) : null;
  },
  function capGoes(row) {
    if (row.change.path.at(-2) !== 'caps' || row.action !== 'removed') return null;
    return note('Nothing bounds these leads any more.');
  },
  function stepIsRead(row, { before, after }) {
    const step = stepThatGoes(row, { before, after });
    if (!step) return null;
    const readers = findReaders(after, appendKeyOf(step));
    if (readers.length > 0) return risk(`Read by ${nameReaders(readers)}, which will find nothing.`);
    return note('It is delivered to no more.');
  },
  function fieldIsRead(row, { after }) {
    const { path, previous } = row.change;
    if (path[0] !== 'fields' || row.action !== 'removed') return null;
    const readers = findReaders(after, `lead.${String(previous?.value)}`);
    return readers.length > 0
      ? risk(`Read by ${nameReaders(readers)}, which will find nothing.`)
      : note('Leads do not keep it any more.');
  },
  function priceChanges(row, { after, facts }) {
    const { path, previous, current } = row.change;
    const [list, index] = path;
    if (path.at(-1) !== 'amount' || !path.includes('pricing') || row.action !== 'changed') return null;
    const more = Number(current?.value) - Number(previous?.value);
    const what = list === 'steps' ? 'sale' : 'lead';
    const each = `${formatMoney(Math.abs(more))} ${more > 0 ? 'more' : 'less'} for each ${what}`;
    const leads = list === 'sources' ? leadsOf(after.sources[Number(index)], facts) : 0;
    return note(leads === 0 ? `${each}.` : `${each}; ${countLeads(leads)}.`);
  },
  function criteriaGo(row) {
    if (row.change.path.at(-1) !== 'acceptance_criteria' || row.action !== 'removed') return null;
    return risk('Every lead is taken then.');
  },
  function duplicatesPass(row) {
    if (place(row) !== 'list_checks.duplicate' || row.action !== 'removed') return null;
    return risk('Duplicates are not found any more.');
  },
  function deliveryGoesElsewhere(row, { after }) {
    const { path } = row.change;
    if (path.at(-1) === 'module_id' && row.action === 'changed')
      return note('Another module reads and writes its requests.');
    if (path.at(-1) !== 'value' || path.at(-3) !== 'mappings' || row.action !== 'changed') return null;
    if (memberAt(after, path.slice(0, -1))?.['property'] !== 'url') return null;
    return risk('Leads go to another address.');
  },
];

function place({ change }: ChangeRow): string {
  return change.path.join('.');
}

function countLeads(leads: number): string {
  return leads === 1 ? '1 lead of the last 24 hours' : `${leads.toLocaleString('en-US')} leads of the last 24 hours`;
}

function leadsOf(source: FlowDocument['sources'][number] | undefined, { leads }: FlowFacts): number {
  return leads.get(source?.entity?.id ?? '') ?? 0;
}

/** The recipient that is removed or switched off, as it was. */
function stepThatGoes(
  row: ChangeRow,
  { before, after }: { before: FlowDocument; after: FlowDocument },
): RecipientStep | null {
  const { path } = row.change;
  if (path[0] !== 'steps') return null;
  const isGone = row.action === 'removed' && (path.length === 2 || (path.length === 4 && path[2] === 'recipients'));
  const isSwitched = path.at(-1) === 'enabled' && isOff(row);
  if (!isGone && !isSwitched) return null;
  const step = memberAt(isGone ? before : after, isGone ? path : path.slice(0, -1));
  // Filters and distributions append nothing under a name of their own that others read.
  if (!step || typeof readObject(step['entity'])?.['name'] !== 'string') return null;
  return step as unknown as RecipientStep;
}

/** The places that read a variable or what is below it, in words. */
export function findReaders(document: FlowDocument, variable: string): string[] {
  if (variable === '') return [];
  const name = new RegExp(`(?<![\\w.])${variable.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w])`);
  const readers = new Set<string>();
  walk(document, [], (text, path) => {
    const reads = path.at(-1) === 'lhv' && !text.includes('{{') ? [text] : (text.match(/\{\{[^}]*\}\}/g) ?? []);
    if (reads.some((each) => name.test(each))) readers.add(describePlace(partOf(path), document) || 'the flow');
  });
  return [...readers];
}

/** A source, a step, a recipient of a step, or a property of the flow. */
function partOf(path: readonly (string | number)[]): readonly (string | number)[] {
  if (path[0] !== 'sources' && path[0] !== 'steps') return path.slice(0, 1);
  return path[2] === 'recipients' ? path.slice(0, 4) : path.slice(0, 2);
}

function walk(value: unknown, path: (string | number)[], see: (text: string, path: (string | number)[]) => void): void {
  if (path.length > DEPTH_MAX) return;
  if (typeof value === 'string') see(value, path);
  if (Array.isArray(value)) for (const [index, member] of value.entries()) walk(member, [...path, index], see);
  else for (const [name, member] of Object.entries(readObject(value) ?? {})) walk(member, [...path, name], see);
}

function nameReaders(readers: readonly string[]): string {
  const named = readers.slice(0, READERS_NAMED_MAX).map((reader) => reader.charAt(0).toLowerCase() + reader.slice(1));
  const more = readers.length - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
}

function listCaps(document: FlowDocument): Record<string, unknown>[] {
  const holders = [document, ...document.sources, ...document.steps];
  return holders.flatMap((holder) => {
    const caps = readObject(holder)?.['caps'];
    return Array.isArray(caps) ? caps.map(readObject).filter((cap) => cap !== undefined) : [];
  });
}

function memberAt(document: unknown, path: readonly (string | number)[]): Record<string, unknown> | undefined {
  let value: unknown = document;
  for (const step of path)
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined;
  return readObject(value);
}

function readObject(value: unknown): Record<string, unknown> | undefined {
  // An object of JSON, which has named members.
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

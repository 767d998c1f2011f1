import { buildEvent, type LeadEvent } from '../events/build-event.ts';
import type { EventRecord } from '../events/event-store.ts';
import type { FindRevision } from '../events/revisions.ts';
import { ruleValues } from '../events/rule-values.ts';
import type { Clock } from '../lib/clock.ts';
import { instantOfId } from '../lib/ids.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { EvaluationContext } from '../model/vars.ts';
import { classifyReason } from '../statistics/classify-reason.ts';
import { listMeasures, type Measured } from '../statistics/columns.ts';
import type { Grouping } from '../statistics/groupings.ts';
import { type Level, MEASURES } from '../statistics/measures.ts';
import { type CountedPing, sumEntry, sumLead, sumPing } from '../statistics/sum-lead.ts';
import { createTallies, listAmounts, type Tallies } from '../statistics/tallies.ts';
import type { TimeFrame } from '../statistics/time-frame.ts';
import type { Cell } from './cell.ts';
import { chooseLevel } from './choose-level.ts';
import { countsByKind } from './plan-reading.ts';
import { readPath } from './read-path.ts';
import type { ScannedLead, ScanStore } from './scan-store.ts';
import type { StatisticsQuestion } from './statistics-question.ts';

/** Counts what a question asks for from events alone. The error is a sentence with the remedy. */
export type ScanStatistics = (request: ScanRequest) => Promise<Result<Cell[], string>>;

export interface ScanRequest {
  accountId: string;
  question: StatisticsQuestion;
  /** Within that of the question. */
  frame: TimeFrame;
}

export interface ScanDeps {
  scans: ScanStore;
  findRevision: FindRevision;
  clock: Clock;
}

/** Events that one question may look at; with the values of their leads, which are some kilobytes each, fewer. */
export const SCANNED_MAX = { light: 50_000, whole: 10_000 } as const;
const SCAN_MS_MAX = 10_000;
const LEADS_AT_ONCE = { light: 500, whole: 50 } as const;

/**
 * Reads each lead that something happened to in the time frame, with all of its events, because a lead counts where its first
 * event is; the events that rules leave out are none. Summed up by the same function as the counts.
 */
export function createScanStatistics(deps: ScanDeps): ScanStatistics {
  return async (request) => {
    const startedAt = deps.clock.monotonic();
    const { accountId, question, frame } = request;
    const size = isWhole(question) ? 'whole' : 'light';
    const key = { accountId, frame, filter: question.filter };
    const found = await deps.scans.findLeads({ ...key, eventsMax: SCANNED_MAX[size] });
    if (found.stoppedAt !== null)
      return fail(describeStop(question, found.stoppedAt, `more than ${SCANNED_MAX[size]} events`));
    const cells: Cell[] = [];
    for (let place = 0; place < found.leadIds.length; place += LEADS_AT_ONCE[size]) {
      const leadIds = found.leadIds.slice(place, place + LEADS_AT_ONCE[size]);
      const leads = await deps.scans.readLeads({ accountId, leadIds, withRecords: size === 'whole' });
      for (const lead of leads) cells.push(...(await countLead(deps, { lead, request })));
      if (deps.clock.monotonic() - startedAt > SCAN_MS_MAX) {
        const at = instantOfId(leadIds.at(-1) ?? '');
        return fail(describeStop(question, at, `events for more than ${SCAN_MS_MAX / 1000} seconds`));
      }
    }
    const pings = await countPings(deps, request);
    return pings.ok ? ok([...cells, ...pings.value]) : pings;
  };
}

/** Are the values of leads looked at? */
function isWhole({ test, groupBy }: StatisticsQuestion): boolean {
  return test !== undefined || groupBy.some(({ dimension }) => dimension === null);
}

function describeStop(question: StatisticsQuestion, stoppedAt: number, what: string): string {
  const at = new Date(stoppedAt).toISOString();
  const remedy = isWhole(question)
    ? 'rules and groups by values of leads read each event: ask for less time, or for flows, sources, recipients and outcomes alone, which are counted ahead'
    : 'times that are no whole quarters of an hour are read event by event: let start, end and intervals be whole quarters, or ask for less time';
  return `The question reads ${what} and was given up at ${at}; ${remedy}.`;
}

async function countLead(
  { findRevision, clock }: ScanDeps,
  { lead, request }: { lead: ScannedLead; request: ScanRequest },
): Promise<Cell[]> {
  const { question, frame } = request;
  const flow = lead.record ? await findRevision(lead.record) : null;
  const ctx: EvaluationContext = { now: clock.now(), timeZone: question.timeZone, random: () => 0 };
  const built = (event: EventRecord): LeadEvent | null =>
    flow && lead.record ? ruleValues(buildEvent({ lead: lead.record, flow }, event)) : null;
  const passed: GroupedEvent[] = [];
  for (const event of lead.events) {
    const whole = built(event);
    if (question.test && !(whole && question.test(whole, ctx))) continue;
    passed.push({ event, group: question.groupBy.map((grouping) => groupOf(grouping, { event, whole, lead })) });
  }
  return sumPassed({ lead, question, frame, passed });
}

interface GroupedEvent {
  event: EventRecord;
  group: (string | null)[];
}

/** Of each group its events, so that a lead counts once in each. */
function sumPassed(of: {
  lead: ScannedLead;
  question: StatisticsQuestion;
  frame: TimeFrame;
  passed: GroupedEvent[];
}): Cell[] {
  const { lead, question, frame, passed } = of;
  const groups = new Map<string, GroupedEvent[]>();
  for (const each of passed) {
    const key = JSON.stringify(each.group);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  const cells: Cell[] = [];
  for (const members of groups.values()) {
    const events = members.map(({ event }) => event);
    const group = members[0]?.group ?? [];
    const counted = { ...lead, events, fields: [] };
    for (const event of events) {
      const part = findPart(question, frame, event.id);
      if (part === null) continue;
      const tallies = createTallies();
      sumLead(tallies, counted, { from: event.seq, to: event.seq });
      cells.push(...cellsOf(question, { part, group, tallies }));
    }
  }
  // A correction is of the event of feedback that made it; its prices are those of the whole lead.
  for (const entry of lead.entries) {
    const part = findPart(question, frame, entry.id);
    const made = passed.find(({ event }) => event.id === entry.eventId);
    if (part === null || !made) continue;
    const tallies = createTallies();
    sumEntry(tallies, { ...lead, fields: [] }, entry);
    cells.push(...cellsOf(question, { part, group: made.group, tallies }));
  }
  return cells;
}

/** The part of the question that an id's second is in; null: it is not in the frame. */
function findPart({ parts }: StatisticsQuestion, frame: TimeFrame, id: string): number | null {
  const instant = instantOfId(id);
  if (instant < frame.startsAt || instant >= frame.endsAt) return null;
  let [low, high] = [0, parts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((parts[middle]?.startsAt ?? 0) <= instant) low = middle;
    else high = middle - 1;
  }
  return low;
}

function cellsOf(
  question: StatisticsQuestion,
  { part, group, tallies }: { part: number; group: (string | null)[]; tallies: Tallies },
): Cell[] {
  const { recipientIds } = question.filter;
  if (countsByKind(question)) return kindCells({ part, group, tallies }, recipientIds);
  const level = chooseLevel(question);
  return [...tallies.places.values()].flatMap(({ measures }) =>
    [...measures.values()]
      .filter((row) => row.level === level && (recipientIds?.includes(row.recipientId) ?? true))
      .map((row) => ({ part, group, measured: nameMeasures(listAmounts(row)) })),
  );
}

function nameMeasures(amounts: ReadonlyMap<number, number>): Measured {
  return Object.fromEntries([...amounts].map(([place, amount]) => [MEASURES[place]?.name ?? '', amount]));
}

function kindCells(
  { part, group, tallies }: { part: number; group: (string | null)[]; tallies: Tallies },
  recipientIds: readonly string[] | undefined,
): Cell[] {
  return [...tallies.places.values()].flatMap(({ kinds }) =>
    [...kinds.values()].flatMap(({ kind: { subject, type, outcome, recipientId }, events, leads }) => {
      const of = type === 'retry' ? 'recipient' : type;
      const isCounted = subject === 'event' && (of === 'source' || of === 'recipient') && COUNTED.includes(outcome);
      const isOfRecipient = recipientIds?.includes(recipientId) ?? true;
      const measured = {
        [`${of}_leads_submitted`]: leads,
        [`${of}_leads_${outcome}`]: leads,
        [`${of}_events_${outcome}`]: events,
      };
      return isCounted && isOfRecipient ? [{ part, group, measured }] : [];
    }),
  );
}

const COUNTED = ['success', 'failure', 'error'];

/** What a value of an event is called in a row; null: it has none. */
function groupOf(
  grouping: Grouping,
  { event, whole, lead }: { event: EventRecord; whole: LeadEvent | null; lead: ScannedLead },
): string | null {
  switch (grouping.dimension) {
    case 'flow':
      return lead.flowId;
    case 'source':
      return lead.sourceId;
    case 'recipient':
      return event.recipientId;
    case 'reason':
      return classifyReason(event.reason) || null;
    case 'purchase_price':
      return priceRow(lead, 'purchase_price', event);
    case 'sale_price':
      return priceRow(lead, 'sale_price', event);
    case 'outcome':
      return null;
    case null:
      return whole ? readPath(whole, grouping.property) : null;
  }
}

/** The price that the whole lead gives an event, whatever rules leave out. */
function priceRow(lead: ScannedLead, level: Level, event: EventRecord): string | null {
  const tallies = createTallies();
  sumLead(tallies, { ...lead, fields: [] }, { from: event.seq, to: event.seq });
  const rows = [...tallies.places.values()].flatMap(({ measures }) => [...measures.values()]);
  const row = rows.find((each) => each.level === level);
  return row ? String(row.price) : null;
}

/** Pings have no values of a lead, no recipient and no sale. */
async function countPings(
  { scans }: ScanDeps,
  { accountId, question, frame }: ScanRequest,
): Promise<Result<Cell[], string>> {
  const measures = listMeasures(question.columns, question.isByLead);
  if (!measures.some((name) => PING_MEASURES.includes(name)) || isWhole(question) || question.filter.recipientIds)
    return ok([]);
  const pings = await scans.listPings({ accountId, frame, filter: question.filter, pingsMax: SCANNED_MAX.light });
  if (pings.length > SCANNED_MAX.light) {
    const at = instantOfId(pings.at(-1)?.id ?? '');
    return fail(describeStop(question, at, `more than ${SCANNED_MAX.light} pings`));
  }
  return ok(pings.flatMap((ping) => countPing(question, frame, ping)));
}

const PING_MEASURES: readonly string[] = ['ping_submitted', 'ping_success', 'bids_asked', 'bids_made'];

function countPing(question: StatisticsQuestion, frame: TimeFrame, ping: CountedPing): Cell[] {
  const part = findPart(question, frame, ping.id);
  if (part === null) return [];
  const tallies = createTallies();
  sumPing(tallies, ping);
  const group = question.groupBy.map(({ dimension }) => {
    if (dimension === 'flow') return ping.flowId;
    if (dimension === 'source') return ping.sourceId;
    return dimension === 'purchase_price' ? String(ping.price) : null;
  });
  return cellsOf(question, { part, group, tallies });
}

import { DateTime } from 'luxon';
import { COLUMN_NAMES } from '../../statistics/columns.ts';
import type { World, WorldEvent, WorldLead } from './statistics-world.ts';

export interface NaiveQuestion {
  timezone: string;
  start: string;
  end: string;
  groupBy: string[];
  isByLead: boolean;
  interval: string | null;
  /** Which leads are counted at all. */
  isWanted?: (lead: WorldLead) => boolean;
}

type Row = Record<string, unknown>;
/** One thing that happened: what it adds to, and what a lead counts once for. */
interface Happening {
  at: number;
  group: Row;
  counts: Record<string, number>;
  /** Counts that are of leads: only the first of these. */
  once: string | null;
}

/** Counts from the events alone, one after the other, without buckets: what statistics must be equal to. */
export function countNaively(world: World, question: NaiveQuestion): Row[] {
  const zone = /^-?\d+$/.test(question.timezone) ? fixed(Number(question.timezone)) : question.timezone;
  const start = DateTime.fromISO(question.start, { zone });
  const end = question.end.includes('T')
    ? DateTime.fromISO(question.end, { zone }).plus({ seconds: 1 })
    : DateTime.fromISO(question.end, { zone }).plus({ days: 1 });
  const rows = new Map<string, { part: string; group: Row; counts: Record<string, number> }>();
  const partsOf = (at: number) =>
    question.interval === null ? null : partOf(at, { start, end, zone, interval: question.interval });
  if (question.groupBy.length === 0)
    for (const part of listParts(question.interval, { start, end, zone }))
      rows.set(JSON.stringify([part, {}]), { part: JSON.stringify(part), group: {}, counts: {} });
  const seen = new Set<string>();
  for (const { at, group, counts, once } of listHappenings(world, question)) {
    const isFirst = once === null || !seen.has(once);
    if (once !== null) seen.add(once);
    if (at < start.toMillis() || at >= end.toMillis() || !isFirst) continue;
    const part = partsOf(at);
    const key = JSON.stringify([part, group]);
    const row = rows.get(key) ?? { part: JSON.stringify(part), group, counts: {} };
    rows.set(key, row);
    for (const [name, count] of Object.entries(counts)) row.counts[name] = (row.counts[name] ?? 0) + count;
  }
  return [...rows.values()]
    .filter(({ counts }) => question.groupBy.length === 0 || Object.values(counts).some((count) => count !== 0))
    .map(({ part, group, counts }) => ({
      part,
      row: {
        ...(part === 'null' ? {} : { timeframe: JSON.parse(part) }),
        ...group,
        ...columnsOf(counts, question),
      } as Row,
    }))
    .sort((one, other) =>
      compare(
        [one.part, ...question.groupBy.map((name) => one.row[name])],
        [other.part, ...question.groupBy.map((name) => other.row[name])],
      ),
    )
    .map(({ row }) => row);
}

function fixed(seconds: number): string {
  const minutes = Math.abs(seconds) / 60;
  return `UTC${seconds < 0 ? '-' : '+'}${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}

function compare(one: unknown[], other: unknown[]): number {
  for (const [index, left] of one.entries()) {
    const right = other[index];
    if (index === 0 && left !== right) {
      const instantOf = (part: unknown) => DateTime.fromISO(JSON.parse(String(part)).start).toMillis();
      return instantOf(left) - instantOf(right);
    }
    if (left === right) continue;
    if (left === null) return 1;
    if (right === null) return -1;
    if (typeof left === 'number' && typeof right === 'number') return left - right;
    return String(left) < String(right) ? -1 : 1;
  }
  return 0;
}

const UNITS = { minutely: 'minute', hourly: 'hour', daily: 'day', weekly: 'week', monthly: 'month' } as const;

/** By walking through the frame a minute at a time. */
function listParts(
  interval: string | null,
  frame: { start: DateTime; end: DateTime; zone: string },
): (object | null)[] {
  if (interval === null) return [null];
  const parts: (object | null)[] = [];
  for (let at = frame.start.toMillis(); at < frame.end.toMillis(); ) {
    const part = partOf(at, { ...frame, interval });
    parts.push(part);
    at = DateTime.fromISO(part.end).toMillis() + 1;
  }
  return parts;
}

function partOf(
  at: number,
  { start, end, zone, interval }: { start: DateTime; end: DateTime; zone: string; interval: string },
): { start: string; end: string } {
  const unit = UNITS[interval as keyof typeof UNITS];
  const begun = DateTime.fromMillis(at, { zone }).startOf(unit);
  let next = begun.plus({ [unit]: 1 });
  if (unit !== 'minute' && unit !== 'hour') next = next.startOf(unit);
  const iso = (instant: number) => DateTime.fromMillis(instant, { zone }).toISO() ?? '';
  return {
    start: iso(Math.max(begun.toMillis(), start.toMillis())),
    end: iso(Math.min(next.toMillis(), end.toMillis()) - 1),
  };
}

function listHappenings(world: World, question: NaiveQuestion): Happening[] {
  const leads = world.leads.filter((lead) => question.isWanted?.(lead) ?? true);
  return [
    ...leads.flatMap((lead) => happeningsOf(lead, question)),
    ...world.pings.flatMap((ping): Happening[] => {
      const group = groupFor(question, {
        flow: ping.flowId,
        source: ping.sourceId,
        purchase: ping.price,
        recipient: null,
        sale: null,
        outcome: ping.outcome,
      });
      return group === null
        ? []
        : [
            {
              at: ping.at,
              group,
              counts: { ping_submitted: 1, ...(ping.outcome === 'success' ? { ping_success: 1 } : {}) },
              once: null,
            },
          ];
    }),
  ];
}

const OUTCOMES = ['success', 'failure', 'error'];

function happeningsOf(lead: WorldLead, question: NaiveQuestion): Happening[] {
  const { groupBy, isByLead } = question;
  const perSale = groupBy.includes('sale_price');
  const perRecipient = perSale || groupBy.includes('vars.recipient.id');
  const happenings: Happening[] = [];
  const saleBy = new Map<string, number>();
  for (const event of lead.events) {
    const recipient = event.type === 'source' ? null : event.recipientId;
    const ofRecipient = event.type === 'recipient' || event.type === 'retry';
    const isSale = ofRecipient && event.outcome === 'success';
    const sale = ofRecipient ? (isSale ? event.revenue : 0) : (saleBy.get(recipient ?? '') ?? 0);
    const of = namesOf(event);
    const group = groupFor(question, {
      flow: lead.flowId,
      source: lead.sourceId,
      purchase: lead.price,
      recipient,
      sale: recipient === null ? null : sale,
      outcome: event.outcome,
    });
    if (isSale && !saleBy.has(recipient ?? '')) saleBy.set(recipient ?? '', event.revenue);
    if (of === null || !OUTCOMES.includes(event.outcome) || group === null) continue;
    const who = `${lead.id} ${perRecipient ? recipient : ''} ${perSale ? sale : ''} ${of}`;
    const isSplit = groupBy.includes('outcome');
    happenings.push({
      at: event.at,
      group,
      counts: { [`${of}-submitted`]: 1 },
      once: isByLead ? `${who} ${isSplit ? event.outcome : ''} submitted` : null,
    });
    happenings.push({
      at: event.at,
      group,
      counts: { [`${of}-${event.outcome}`]: 1 },
      once: isByLead ? `${who} ${event.outcome}` : null,
    });
    if (of === 'source')
      happenings.push({
        at: event.at,
        group: moneyGroup(lead, null, null, question),
        counts: { cost: lead.price, ...(lead.pingId && event.outcome === 'success' ? { ping_won: 1 } : {}) },
        once: null,
      });
    if (isSale)
      happenings.push({
        at: event.at,
        group: moneyGroup(lead, recipient, sale, question),
        counts: { revenue: event.revenue },
        once: null,
      });
  }
  for (const entry of lead.entries) {
    const isCost = entry.kind === 'cost';
    const group = moneyGroup(
      lead,
      isCost ? null : entry.recipientId,
      isCost ? null : (saleBy.get(entry.recipientId) ?? 0),
      question,
    );
    happenings.push({
      at: Math.floor(entry.at / 1000) * 1000,
      group,
      counts: { [entry.kind]: entry.amount },
      once: null,
    });
  }
  return happenings
    .filter(({ group }) => group !== NONE)
    .sort((one, other) => Number(one.at > other.at) - Number(one.at < other.at));
}

const NONE: Row = {};

function moneyGroup(lead: WorldLead, recipient: string | null, sale: number | null, question: NaiveQuestion): Row {
  return (
    groupFor(question, {
      flow: lead.flowId,
      source: lead.sourceId,
      purchase: lead.price,
      recipient,
      sale,
      outcome: 'success',
    }) ?? NONE
  );
}

function namesOf({ type, feedback }: WorldEvent): string | null {
  if (type === 'source') return 'source';
  if (type === 'recipient' || type === 'retry') return 'recipient';
  if (type === 'filter' || feedback === null) return null;
  return `${feedback}-${type === 'feedback-received' ? 'received' : 'sent'}`;
}

/** null: it is in no row. */
function groupFor(
  { groupBy }: NaiveQuestion,
  of: {
    flow: string;
    source: string;
    purchase: number;
    recipient: string | null;
    sale: number | null;
    outcome: string;
  },
): Row | null {
  const values: Row = {
    'vars.flow.id': of.flow,
    'vars.source.id': of.source,
    'vars.recipient.id': of.recipient,
    outcome: of.outcome,
    purchase_price: of.purchase / 10_000,
    sale_price: of.sale === null ? null : of.sale / 10_000,
  };
  if (groupBy.includes('vars.recipient.id') && of.recipient === null) return null;
  if (groupBy.includes('sale_price') && of.sale === null) return null;
  return Object.fromEntries(groupBy.map((name) => [name, values[name]]));
}

/** What is made of the cost of leads; no recipient has one. */
const OF_COST = ['cost', 'profit', 'cost-per-conversion-received-success', 'avg-cost-per-lead'];

function columnsOf(counts: Record<string, number>, { groupBy }: NaiveQuestion): Row {
  const isOfRecipients = groupBy.includes('vars.recipient.id') || groupBy.includes('sale_price');
  const get = (name: string) => counts[name] ?? 0;
  const divide = (part: number, whole: number) => (whole <= 0 ? null : Math.round((part / whole) * 10_000) / 10_000);
  const money = { cost: get('cost') / 10_000, revenue: get('revenue') / 10_000 };
  const special: Row = {
    ...money,
    profit: (get('revenue') - get('cost')) / 10_000,
    'ping-submitted': get('ping_submitted'),
    'ping-success': get('ping_success'),
    'bids-asked': 0,
    'bids-made': 0,
    'bids-won': 0,
    'ping-success-rate': divide(get('ping_success'), get('ping_submitted')),
    'ping-win-rate': divide(get('ping_won'), get('ping_success')),
    'cost-per-conversion-received-success': divide(money.cost, get('conversion-received-success')),
    'avg-cost-per-lead': divide(money.cost, get('source-success') - get('return-sent-success')),
    'avg-revenue-per-lead': divide(money.revenue, get('recipient-success') - get('return-received-success')),
  };
  const read = (name: string) => (name in special ? special[name] : get(name));
  return Object.fromEntries(
    COLUMN_NAMES.map((name) => [name, isOfRecipients && OF_COST.includes(name) ? null : read(name)]),
  );
}

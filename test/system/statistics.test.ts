import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { basic } from '../../src/http/testing/test-server.ts';
import { firstIdAt } from '../../src/lib/ids.ts';
import { nameQueueSchema } from '../../src/store/postgres/schemas.ts';
import { untilCounted, withoutCounting } from '../harness/counting.ts';
import type { Delivery, RecipientAnswer } from '../harness/recipient.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { TEST_SCHEMA } from '../harness/test-schema.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, sourceNamed, when } from './flows.ts';

/*
 * Leads that were sent over HTTP, counted by the duty of a server: `/events/stats`, its CSV and a saved report say what a
 * count of the pages of `/events` comes to, in zones of whole and of half hours. Then the same leads months and hours earlier,
 * on both sides of the last change of Chicago's clock, counted as an upgrade counts them.
 */

const LEADS = 40;
const ZONES = ['UTC', 'America/Chicago', 'Asia/Kolkata'];
const GROUPS = [['vars.flow.id', 'vars.source.id'], ['vars.recipient.id'], ['vars.flow.id', 'outcome']];
const OF = ['source', 'recipient', 'return-received', 'conversion-received'];
const OUTCOMES = ['success', 'failure', 'error'];
const COLUMNS = [
  ...OF.flatMap((of) => ['submitted', ...OUTCOMES].map((suffix) => `${of}-${suffix}`)),
  ...['cost', 'revenue', 'profit'],
];

// biome-ignore lint/suspicious/noExplicitAny: rows and events as the API returns them
type Json = any;

let server: ComposedServer;
/** Ids of leads in the order in which they were sent. */
let leadIds: string[] = [];
beforeAll(async () => {
  server = await startTestServer();
  server.recipient.answerWith(answerTo);
  expect((await server.api('PUT', '/account', { data_retention_in_days: 3_650 })).status).toBe(200);
  const feedback = { returns: { enabled: true, refund_cost: true }, conversions: { enabled: true } };
  const sources = [3.5, 1.25].map((amount) => sourceNamed(`For ${amount}`, { pricing: { prices: [{ amount }] } }));
  const buyer = (name: string, parts: object) =>
    deliveryTo(
      `${server.recipient.url}${name}`,
      { entity: { name }, feedback, pricing: { override: true }, ...parts },
      { price_path: 'price' },
    );
  const flow = await server.deploy(
    flowOf([buyer('First', { retry_enabled: true, idempotent: true }), buyer('Second', {})], {
      sources,
      acceptance_criteria: { rule_set: when('lead.state', 'is not equal to', 'OH') },
    }),
  );
  const other = await server.deploy(flowOf([buyer('Third', {})], { sources }));
  leadIds = [];
  for (let lead = 0; lead < LEADS; lead += 1) {
    const values = { email: `ann${lead}@example.com`, state: lead % 7 === 6 ? 'OH' : 'TX' };
    const { body } = await server.submit(lead % 5 === 0 ? other : flow, values, { source: lead % 2 });
    leadIds.push(body.lead.id);
  }
  await tryAgain();
  await giveFeedback();
  await untilCounted(server.query);
});
afterAll(() => server.stop());

/** By the number of the lead: a sale, a refusal, or an error that the second attempt makes a sale. */
const tried = new Set<string>();
function answerTo({ path, body }: Delivery): RecipientAnswer {
  const lead = Number(/ann(\d+)@/.exec(body)?.[1]);
  const key = `${path} ${lead}`;
  const isAgain = tried.has(key);
  tried.add(key);
  if (path === '/First' && lead % 4 === 1 && !isAgain) return { status: 500, body: { outcome: 'error' } };
  if (path === '/Second' && lead % 3 === 1) return { body: { outcome: 'failure', reason: `no ${lead}` } };
  return { body: { outcome: 'success', price: 4 + (lead % 3) } };
}

async function tryAgain(): Promise<void> {
  const waiting = (await server.api('GET', '/retries?limit=1000')).body;
  expect(waiting.length).toBeGreaterThan(2);
  for (const { id } of waiting) await server.api('POST', `/retries/${id}/run`);
  await until('every delivery was tried again', async () =>
    (await server.api('GET', '/retries?limit=1000')).body.every(({ status }: Json) => status === 'succeeded'),
  );
}

/** Of sales: every third comes back, every fourth converts, twice. */
async function giveFeedback(): Promise<void> {
  const sales = (await readEvents()).filter(({ type, outcome }) => type !== 'source' && outcome === 'success');
  const send = async ({ id }: Json, type: string) => {
    const body = new URLSearchParams({ type });
    expect((await fetch(`${server.url}/feedback?event_id=${id}`, { method: 'POST', body })).status).toBeLessThan(300);
  };
  for (const [index, sale] of sales.entries()) {
    if (index % 3 === 0) await send(sale, 'return');
    if (index % 4 === 0) for (let times = 0; times < 2; times += 1) await send(sale, 'conversion');
  }
  await server.query(`select ${nameQueueSchema(TEST_SCHEMA)}.add_job('feedback')`);
}

/** All of them, in the order of their ids. */
async function readEvents(): Promise<Json[]> {
  const all: Json[] = [];
  for (;;) {
    const after = all.length === 0 ? '' : `&after_id=${all.at(-1).id}`;
    const { body } = await server.api('GET', `/events?sort=asc&limit=1000${after}`);
    if (body.length === 0) return all;
    all.push(...body);
  }
}

it('has latencies as the deliveries themselves say, by recipient', async () => {
  const deliveries = (await readEvents()).filter(({ type, outcome }) => type === 'recipient' && outcome !== 'skip');
  const { status, body } = await server.api('GET', '/events/latencies?timeframe=this_2_days');
  expect(status).toBe(200);
  expect(body.latencies.map(({ name }: Json) => name).sort()).toEqual(
    [...new Set(deliveries.map(({ vars }) => vars.recipient.name))].sort(),
  );
  for (const { id, count, p50_ms, p95_ms } of body.latencies) {
    const own = deliveries.filter(({ vars }) => vars.recipient.id === id).map(({ wait_ms: ms }) => Math.max(1, ms));
    own.sort((one, other) => one - other);
    expect(count).toBe(own.length);
    for (const [found, share] of [
      [p50_ms, 0.5],
      [p95_ms, 0.95],
    ]) {
      const exact = own[Math.ceil(own.length * share) - 1] ?? 0;
      expect(Math.abs(found - exact), `${found} for ${exact}`).toBeLessThanOrEqual(1 + exact * 0.06);
    }
  }
  const [some] = body.latencies;
  const narrowed = await server.api('GET', `/events/latencies?timeframe=this_2_days&recipient_id=${some.id}`);
  expect(narrowed.body.latencies).toEqual([some]);
  const refused = await server.api('GET', `/events/latencies?by=source&recipient_id=${some.id}`);
  expect(refused.status).toBe(400);
});

it('has the latency of each step of a flow in its funnel, recipients of distributions in their place', async () => {
  const flows: Json[] = (await server.api('GET', '/flows')).body;
  let told = 0;
  for (const { id, steps } of flows) {
    const { body: funnel } = await server.api('GET', `/flows/${id}/funnel?timeframe=this_2_days`);
    const { body } = await server.api('GET', `/events/latencies?timeframe=this_2_days&flow_id=${id}`);
    const saved = steps.flatMap((step: Json) => [step, ...(step['recipients'] ?? [])]);
    expect(funnel.steps.slice(0, saved.length).map(({ step_id: stepId }: Json) => stepId)).toEqual(
      saved.map((step: Json) => step['id']),
    );
    for (const [index, { entity }] of saved.entries()) {
      const found = body.latencies.find((each: Json) => each['id'] === entity?.id);
      const { p50_ms, p95_ms } = funnel.steps[index];
      expect([p50_ms, p95_ms]).toEqual([found?.p50_ms ?? null, found?.p95_ms ?? null]);
      told += p50_ms === null ? 0 : 1;
    }
  }
  expect(told).toBeGreaterThan(1);
});

interface Question {
  zone: string;
  groupBy: readonly string[];
  interval: 'hourly' | 'daily' | null;
  isByLead: boolean;
}

type Row = { part: string | number | null; group: Record<string, unknown>; columns: Record<string, number | null> };

const NOTHING: Row['columns'] = Object.fromEntries(COLUMNS.map((name) => [name, 0]));

/** Goes through the events one after the other, without buckets. */
function countEvents(events: readonly Json[], question: Question): Row[] {
  const rows = new Map<string, Row>();
  const seen = new Set<string>();
  const add = (
    event: Json,
    of: { name: string; amount: number; outcome: string; recipient: string | null; once?: string },
  ) => {
    if (of.once !== undefined && question.isByLead) {
      if (seen.has(of.once)) return;
      seen.add(of.once);
    }
    const group = groupOf(event, { ...of, groupBy: question.groupBy });
    if (group === null) return;
    const part = partOf(secondOf(event), question);
    const key = JSON.stringify([part, group]);
    const row = rows.get(key) ?? { part, group, columns: { ...NOTHING } };
    rows.set(key, row);
    // No recipient has a cost or a profit: a lead is bought once, however many recipients get it.
    if (question.groupBy.includes('vars.recipient.id')) Object.assign(row.columns, { cost: null, profit: null });
    if (row.columns[of.name] === null) return;
    row.columns[of.name] = round((row.columns[of.name] ?? 0) + of.amount);
  };
  for (const event of events) {
    const { type, outcome } = event;
    const lead = event.vars.lead.id;
    const recipient = event.vars.recipient?.id ?? null;
    const of =
      type === 'source' ? 'source' : type.startsWith('feedback') ? `${event.feedback_type}-received` : 'recipient';
    if (type === 'filter' || type === 'feedback-sent' || !OUTCOMES.includes(outcome)) continue;
    const who = [lead, of, question.groupBy.includes('vars.recipient.id') ? recipient : ''].join(' ');
    const ofOutcome = question.groupBy.includes('outcome') ? outcome : '';
    add(event, { name: `${of}-submitted`, amount: 1, outcome, recipient, once: `${who} ${ofOutcome} submitted` });
    add(event, { name: `${of}-${outcome}`, amount: 1, outcome, recipient, once: `${who} ${outcome}` });
    const money = (name: 'cost' | 'revenue', amount: number) => {
      if (amount === 0) return;
      add(event, { name, amount, outcome: 'success', recipient: name === 'cost' ? null : recipient });
      const profit = name === 'cost' ? -amount : amount;
      add(event, { name: 'profit', amount: profit, outcome: 'success', recipient: name === 'cost' ? null : recipient });
    };
    if (of === 'source') money('cost', event.cost ?? 0);
    if (of === 'recipient' && outcome === 'success') money('revenue', event.revenue ?? 0);
    if (of !== 'return-received' || outcome !== 'success') continue;
    const sale = events.find(({ id }) => id === event.recipient_event_id);
    const source = events.find((each) => each.type === 'source' && each.vars.lead.id === lead);
    money('revenue', -sale.revenue);
    if (isFirstReturn(events, event)) money('cost', -source.cost);
  }
  return [...rows.values()].filter(({ columns }) =>
    Object.values(columns).some((amount) => amount !== 0 && amount !== null),
  );
}

/** The cost of a lead is taken back once, by the first return. */
function isFirstReturn(events: readonly Json[], { id, vars }: Json): boolean {
  const isReturn = (event: Json) => event.feedback_type === 'return' && event.outcome === 'success';
  return events.find((event) => isReturn(event) && event.vars.lead.id === vars.lead.id).id === id;
}

function groupOf(
  event: Json,
  { groupBy, outcome, recipient }: { groupBy: readonly string[]; outcome: string; recipient: string | null },
): Record<string, unknown> | null {
  if (groupBy.includes('vars.recipient.id') && recipient === null) return null;
  const values: Record<string, unknown> = {
    ...{ 'vars.flow.id': event.vars.flow.id, 'vars.source.id': event.vars.source.id },
    ...{ 'vars.recipient.id': recipient, outcome },
  };
  return Object.fromEntries(groupBy.map((name) => [name, values[name]]));
}

const round = (dollars: number) => Math.round(dollars * 10_000) / 10_000;
const secondOf = ({ id }: { id: string }) => Number.parseInt(id.slice(0, 8), 16);

/** The second at which its hour begins, or its date. Clocks change by whole hours in all of these zones. */
function partOf(second: number, { interval, zone }: Question): string | number | null {
  if (interval === null) return null;
  if (interval === 'daily') return dateOf(second, zone);
  const offset = offsetOf(second, zone);
  return Math.floor((second + offset) / 3_600) * 3_600 - offset;
}

const formats = new Map<string, Intl.DateTimeFormat>();
function formatOf(zone: string): Intl.DateTimeFormat {
  const known =
    formats.get(zone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  formats.set(zone, known);
  return known;
}

/** `2026-11-28 03:04:05` in the zone. */
const clockOf = (second: number, zone: string) => formatOf(zone).format(second * 1000);
const dateOf = (second: number, zone: string) => clockOf(second, zone).slice(0, 10);
const offsetOf = (second: number, zone: string) =>
  Date.parse(`${clockOf(second, zone).replace(' ', 'T')}Z`) / 1000 - second;

/** Whole days of the zone around all events. */
function rangeOf(events: readonly Json[], zone: string): { start: string; end: string } {
  const seconds = events.map(secondOf);
  const [first, last] = [Math.min(...seconds), Math.max(...seconds)];
  return { start: dateOf(first - 86_400, zone), end: dateOf(last + 86_400, zone) };
}

function rowOf(row: Json, { groupBy, interval }: Question): Row {
  const start = row.timeframe?.start;
  const part = interval === null ? null : interval === 'daily' ? start.slice(0, 10) : Date.parse(start) / 1000;
  const pick = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, row[name]]));
  return { part, group: pick(groupBy), columns: pick(COLUMNS) as Row['columns'] };
}

const sorted = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(row)).sort();

function queryOf({ zone, groupBy, interval, isByLead }: Question, range: { start: string; end: string }): string {
  const asked = { ...range, timezone: zone, by_lead: String(isByLead), column: COLUMNS.join(',') };
  const parts = { ...(groupBy.length > 0 && { group_by: groupBy.join(',') }), ...(interval && { interval }) };
  return `/events/stats?${new URLSearchParams({ ...asked, ...parts })}`;
}

/** Asks everything in every zone; the answer is how many rows were compared. */
async function compareAll(zone: string): Promise<number> {
  const events = await readEvents();
  const range = rangeOf(events, zone);
  let compared = 0;
  for (const [groupBy, interval, isByLead] of [
    [[], null, true],
    [[], null, false],
    ...GROUPS.flatMap((group) =>
      ([null, 'hourly', 'daily'] as const).flatMap((each) => [
        [group, each, true] as const,
        [group, each, false] as const,
      ]),
    ),
  ] as const) {
    const question = { zone, groupBy, interval, isByLead };
    const expected = sorted(countEvents(events, question));
    const url = queryOf(question, range);
    const { status, body } = await server.api('GET', url);
    expect([status, body.error]).toEqual([200, undefined]);
    expect(sorted(body.map((row: Json) => rowOf(row, question))), url).toEqual(expected);
    expect(await readCsv(url), url).toEqual(body.map(flatten));
    const report = {
      name: url.slice(0, 200),
      columns: COLUMNS,
      group_by: groupBy,
      by_lead: isByLead,
      interval,
      time_zone: zone,
    };
    const { id } = (await server.api('POST', '/reports', report)).body;
    const run = (await server.api('GET', `/reports/${id}/run?${new URLSearchParams(range)}`)).body;
    expect(run.at(-1)).toMatchObject({ total: true });
    expect(sorted(run.slice(0, -1).map((row: Json) => rowOf(row, question))), url).toEqual(expected);
    if (groupBy.length === 2 && interval === 'daily' && !isByLead) await followLinks(run);
    await server.api('DELETE', `/reports/${id}`);
    compared += expected.length;
  }
  return compared;
}

/** Behind each number of events are as many events. */
async function followLinks(rows: readonly Json[]): Promise<void> {
  let followed = 0;
  for (const row of rows) {
    for (const [column, url] of Object.entries<string>(row.events)) {
      if (!OF.some((of) => column.startsWith(of))) continue;
      const { status, body } = await server.api('GET', `${url}&limit=1000&include=id`);
      expect([status, body.length], `${column} ${url}`).toEqual([200, row[column]]);
      followed += 1;
    }
  }
  expect(followed).toBeGreaterThan(0);
}

/** Rows by the names of the head; no cell of these has a comma. */
async function readCsv(url: string): Promise<Record<string, string>[]> {
  const response = await fetch(`${server.url}${url}`, {
    headers: { Authorization: basic(server.key), Accept: 'text/csv' },
  });
  const [head = '', ...lines] = (await response.text()).trimEnd().split('\r\n');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(head.split(',').map((name, place) => [name, cells[place] ?? '']));
  });
}

const flatten = ({ timeframe, ...row }: Json): Record<string, string> =>
  Object.fromEntries(
    Object.entries({
      ...(timeframe && { 'timeframe.start': timeframe.start, 'timeframe.end': timeframe.end }),
      ...row,
    }).map(([name, value]) => [name, value === null ? '' : String(value)]),
  );

describe('as the leads were sent', () => {
  it.each(ZONES)('statistics, files and reports are the events, in %s', async (zone) => {
    expect(await compareAll(zone)).toBeGreaterThan(20);
  });
});

describe('with leads of other days', () => {
  beforeAll(async () => {
    const now = Math.floor(Date.now() / 1000);
    const change = lastChangeOf('America/Chicago', now);
    // Around the change by half hours, then every nine hours and a bit; feedback comes 30 hours after the lead.
    const at = leadIds.map((_, lead) => (lead < 12 ? change + (lead - 6) * 1_800 + 60 : now - lead * 33_333));
    await withoutCounting(server.database, () => moveLeads(at));
    // As after an update: leads below are counted in the order of their ids.
    await server.restart();
    await until('earlier leads are counted', async () => {
      const [row] = await server.query(
        `select bool_and(p.leads_below >= convert_from(i.value, 'UTF8')) as done
           from digest_progress p, installation i where i.name = 'digests_from' and p.account_id = $1`,
        [server.account.id],
      );
      return row?.['done'] === true;
    });
  });

  it.each(ZONES)('statistics, files and reports are the events, in %s', async (zone) => {
    expect(await compareAll(zone)).toBeGreaterThan(200);
  });
});

/** The last second at which the clock of a zone was put back or forward. */
function lastChangeOf(zone: string, now: number): number {
  let hour = Math.floor(now / 3_600) * 3_600;
  while (offsetOf(hour, zone) === offsetOf(hour - 3_600, zone)) hour -= 3_600;
  return hour;
}

/** Makes leads those of other times, with all that belongs to them, and counts nothing of them. */
async function moveLeads(at: readonly number[]): Promise<void> {
  const back = leadIds.map((id, lead) => secondOf({ id }) - (at[lead] ?? 0));
  const shifted = (column: string, later = '0') =>
    `lpad(to_hex(('x' || left(${column}, 8))::bit(32)::bigint - k.back + ${later}), 8, '0') || substr(${column}, 9)`;
  const isFeedback = `case when type like 'feedback%' then 108000 else 0 end`;
  const moves = [
    ['leads', `id = ${shifted('id')}`, 'id'],
    ['lead_data', `lead_id = ${shifted('lead_id')}`, 'lead_id'],
    ['lead_search', `lead_id = ${shifted('lead_id')}`, 'lead_id'],
    ['money_entries', `lead_id = ${shifted('lead_id')}, id = ${shifted('id', '108000')}`, 'lead_id'],
    [
      'events',
      `lead_id = ${shifted('lead_id')}, id = ${shifted('id', isFeedback)}, facts = case when facts ->> 'recipient_event_id' is null
         then facts else (facts::jsonb || jsonb_build_object('recipient_event_id', ${shifted(`(facts ->> 'recipient_event_id')`)}))::json end`,
      'lead_id',
    ],
  ];
  await server.query('alter table money_entries disable trigger user');
  for (const [table, changes, key] of moves)
    await server.query(
      `update ${table} t set ${changes} from unnest($1::text[], $2::bigint[]) as k(moved, back) where t.${key} = k.moved`,
      [leadIds, back],
    );
  await server.query('alter table money_entries enable trigger user');
  for (const table of COUNTS) await server.query(`delete from ${table}`);
  await server.query(`update installation set value = convert_to($1, 'UTF8') where name = 'digests_from'`, [
    firstIdAt(Date.now()),
  ]);
}

const COUNTS = [
  ...['digests', 'statistics_hours', 'statistics_quarters', 'statistics_days', 'event_tallies', 'event_tallies_by_day'],
  ...['latency_tallies', 'field_tallies'],
];

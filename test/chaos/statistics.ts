import type { Candidate, FlowDocument } from '../../src/model/flow.ts';
import { COLUMN_NAMES, COLUMNS, computeColumn, listMeasures, readsCost } from '../../src/statistics/columns.ts';
import { MEASURES } from '../../src/statistics/measures.ts';
import { countCounts, type HourlyAmount, recount, recountByHour } from '../harness/recount.ts';
import { forEach, type Play, untilNone } from '../money/play.ts';
import { deliveryTo, flowOf } from '../system/flows.ts';
import { ASK_AGAIN_MS, fetchFrom, type House, KILLS, openHouse, servePeers } from './house.ts';
import { listMissedKills, openPlay, playLives } from './money.ts';
import { pause, type Stage, setStage } from './stage.ts';

/**
 * `npm run chaos -- statistics`: the lives of `npm run chaos -- money` and pings beside them, while servers and PostgreSQL are
 * killed, for a part of it with two servers over one database. When nothing waits to be counted, every column of the tables of
 * counts is compared with a recount of the stored events, and every column of `/events/stats` with the same by the hour.
 */
export interface StatisticsOptions {
  leads: number;
  seed: number;
  /** One kill of each kind, soon after each other. */
  isShort: boolean;
}

const LOAD_MS = { short: 2_500, long: 8_000 };
const ROUNDS = { short: 1, long: 3 };
/** So many leads to a ping. */
const LEADS_PER_PING = 3;
/** Every so many accepted pings one is not redeemed. */
const UNREDEEMED_EVERY = 4;
const PING_SENDERS = 8;
const PING_PRICE = 3.5;
const FAULTS_SHOWN = 20;
const TIME_ZONES = ['UTC', 'America/Chicago', 'Asia/Kathmandu'];

/** What no run has: what recipients report is taken or refused, and never ends with an error. */
const NEVER: ReadonlySet<string> = new Set(
  ['return_received', 'conversion_received'].flatMap((of) => [`${of}_leads_error`, `${of}_events_error`]),
);

export async function runStatistics(options: StatisticsOptions): Promise<{ faults: string[] }> {
  const stage = await setStage([]);
  let isClean = false;
  try {
    const faults = await play(stage, options);
    isClean = faults.length === 0;
    console.log(`${faults.length} differences`);
    for (const fault of faults.slice(0, FAULTS_SHOWN)) console.log(`  ${fault}`);
    return { faults };
  } finally {
    await stage.end({ isClean });
  }
}

async function play(stage: Stage, { leads, seed, isShort }: StatisticsOptions): Promise<string[]> {
  const length = isShort ? 'short' : 'long';
  const house = await openHouse(stage);
  const { on, notes, close } = await openPlay(house, { leads, seed });
  const pings = await openPings(on);
  const kills = Array.from({ length: ROUNDS[length] }, () => KILLS).flat();
  const killing = house.killOften(kills, { loadMs: LOAD_MS[length], share: () => notes.told.size / leads });
  const sending = sendPings(house, { pings, count: Math.ceil(leads / LEADS_PER_PING) });
  const killed = await playLives(house, {
    ...{ on, notes, killing },
    submitted: async () => {
      const { accepted, redeemed } = await sending;
      console.log(`${accepted} pings were answered with a price, ${redeemed} of them redeemed`);
      await resolvePings(on, pings);
    },
  });
  await untilNone(on, UNCOUNTED);
  const faults = listMissedKills(killed, kills.length);
  faults.push(...(await house.withClient(async (db) => compareTables(db))));
  for (const timeZone of TIME_ZONES) faults.push(...(await compareAnswers({ house, on, timeZone })));
  await house.stop();
  pings.close();
  close();
  return faults;
}

/** Nothing under way and nothing that waits to be counted. */
const UNCOUNTED = 'select (select count(*) from runs)::int + (select count(*) from digests)::int as count';

interface Pings {
  flowId: string;
  path: string;
  close(): void;
}

/** A flow whose pings an auction prices; its posts are sold at the bids of their pings. */
async function openPings(on: Play): Promise<Pings> {
  const price = { body: { outcome: 'success', price: PING_PRICE } };
  const { url, close } = await servePeers({ answer: () => price });
  const document: FlowDocument = flowOf(
    [
      {
        ...{ type: 'distribution', method: 'highest_bid', bids_price_pings: true, margin_floor: { amount: 1 } },
        recipients: ['Alpha', 'Beta'].map((name) => buildBidder(url, name)),
      },
    ],
    { name: 'Pings', ping_enabled: true },
  );
  const { body } = await on.ask('POST', '/flows', document);
  await on.ask('POST', `/flows/${body.id}/deploy`, {});
  return { flowId: body.id, path: `/flows/${body.id}/sources/${body.sources[0].entity.id}`, close };
}

function buildBidder(url: string, name: string): Candidate {
  const { type: _, ...delivery } = deliveryTo(`${url}lead/${name}`, { entity: { name } });
  const asked = {
    ...{ url: `${url}bid/${name}`, price_path: 'price' },
    ...{ outcome_search_path: 'outcome', outcome_search_term: 'success' },
  };
  const mappings = Object.entries(asked).map(([property, value]) => ({ property, value }));
  return { ...delivery, bid: { module_id: 'leadconduit-custom.outbound.json', mappings } };
}

async function sendPings(
  house: House,
  { pings, count }: { pings: Pings; count: number },
): Promise<{ accepted: number; redeemed: number }> {
  let accepted = 0;
  let redeemed = 0;
  await forEach(
    Array.from({ length: count }, (_, ping) => ping),
    async (ping) => {
      const values = { first_name: `Ping ${ping}`, email: `ping${ping}@example.com`, state: 'TX' };
      const answer = await send(house, `${pings.path}/ping`, values);
      const pingId = answer?.headers.get('x-ping-id') ?? null;
      if (answer?.body.outcome !== 'success' || pingId === null) return;
      accepted += 1;
      if (ping % UNREDEEMED_EVERY === 0) return;
      const sold = await send(house, `${pings.path}/submit`, { ...values, ping_id: pingId });
      if (sold?.body.outcome === 'success') redeemed += 1;
    },
    PING_SENDERS,
  );
  return { accepted, redeemed };
}

/** Sent again where nothing of it came in; null: its answer was lost. */
async function send(
  house: House,
  path: string,
  values: object,
): Promise<Exclude<Awaited<ReturnType<typeof fetchFrom>>, string> | null> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const answer = await fetchFrom(house, path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify(values),
    });
    if (answer === 'lost') return null;
    if (answer !== 'refused' && answer.status !== 503 && answer.status !== 429) return answer;
    await pause(ASK_AGAIN_MS);
  }
  throw new Error(`${path} was not answered`);
}

/** Two minutes. */
const TRIES_MAX = 600;

/** Deliveries of pings' leads that a kill cut off: their buyer takes all. */
async function resolvePings(on: Play, { flowId }: Pings): Promise<void> {
  await untilNone(on, 'select count(*)::int as count from runs');
  const open = await on.query('select event_id from unknowns where resolved_at is null and flow_id = $1', [flowId]);
  for (const { event_id: eventId } of open)
    await on.ask('POST', `/unknowns/${eventId}/resolve`, { resolution: 'delivered', price: PING_PRICE });
}

async function compareTables(db: Parameters<typeof recount>[0]): Promise<string[]> {
  const counts = await countCounts(db);
  const { rows } = await db.query<{ measure: string }>(
    `select m.key as measure from statistics_hours s cross join lateral jsonb_each_text(to_jsonb(s)) m
      where m.value <> '0' group by 1`,
  );
  const counted = new Set(rows.map(({ measure }) => measure));
  const empty = MEASURES.map(({ name }) => name).filter((name) => !counted.has(name));
  console.log(
    `compared: statistics (${counts['statistics']} rows, ${MEASURES.length} columns, ${empty.length} of them never counted: ${empty.join(', ')}), ` +
      `event_tallies (${counts['tallies']} rows, ${counts['kinds']} kinds), latency_tallies (${counts['latencies']}), field_tallies (${counts['fields']})`,
  );
  const differences = await recount(db);
  return [
    ...empty.filter((name) => !NEVER.has(name)).map((name) => `nothing was counted as ${name}, so it was not tried`),
    ...differences.flatMap(({ table, surplus, missing }) => [
      ...surplus.map((row) => `${table} has ${row}`),
      ...missing.map((row) => `${table} has not ${row}`),
    ]),
  ];
}

const GROUPS = [
  { level: 'source', groupBy: ['vars.flow.id', 'vars.source.id'] },
  { level: 'recipient', groupBy: ['vars.recipient.id'] },
] as const;

/** Every column of the API for every hour of today and yesterday, by lead and by event. */
async function compareAnswers({
  house,
  on,
  timeZone,
}: {
  house: House;
  on: Play;
  timeZone: string;
}): Promise<string[]> {
  const faults: string[] = [];
  let compared = 0;
  for (const { level, groupBy } of GROUPS) {
    const amounts = await house.withClient((db) => recountByHour(db, { level, timeZone }));
    for (const isByLead of [true, false]) {
      const question = new URLSearchParams({
        ...{ timeframe: 'this_2_days', interval: 'hourly', timezone: timeZone, by_lead: String(isByLead) },
        ...{ group_by: groupBy.join(','), column: COLUMN_NAMES.join(',') },
      });
      const { status, body } = await on.ask('GET', `/events/stats?${question}`);
      if (status !== 200) return [`/events/stats answers ${status} ${JSON.stringify(body)}`];
      const answered = new Map<string, string>(body.map((row: Row) => [nameRow(row, groupBy), describeRow(row)]));
      const expected = buildRows(amounts, { groupBy, isByLead });
      compared += expected.size;
      const where = `${timeZone}, ${isByLead ? 'by lead' : 'by event'}`;
      for (const name of new Set([...answered.keys(), ...expected.keys()])) {
        const [is, should] = [answered.get(name), expected.get(name)];
        if (is !== should) faults.push(`${where}, ${name}: the API answers ${is}; the events are ${should}`);
      }
    }
  }
  console.log(`compared: /events/stats by the hour of ${timeZone} (${compared} rows, ${COLUMN_NAMES.length} columns)`);
  if (compared === 0) faults.push(`no hour of ${timeZone} has an event`);
  return faults;
}

type Row = Record<string, unknown> & { timeframe: { start: string } };

function nameRow(row: Row, groupBy: readonly string[]): string {
  return [Date.parse(row.timeframe.start) / 1000, ...groupBy.map((name) => row[name])].join(' ');
}

function describeRow(row: Record<string, unknown>): string {
  return JSON.stringify(Object.fromEntries(COLUMN_NAMES.map((name) => [name, row[name]])));
}

/** Rows in which nothing of what is asked for was counted are left out, as the API does. */
function buildRows(
  amounts: readonly HourlyAmount[],
  { groupBy, isByLead }: { groupBy: readonly string[]; isByLead: boolean },
): Map<string, string> {
  const asked = new Set(listMeasures(COLUMNS, isByLead));
  const measured = new Map<string, Record<string, number>>();
  for (const { hour, flow_id, source_id, recipient, measure, amount } of amounts) {
    if (!asked.has(measure)) continue;
    const name = [hour, ...(groupBy.length === 1 ? [recipient] : [flow_id, source_id])].join(' ');
    const sums = measured.get(name) ?? {};
    sums[measure] = (sums[measure] ?? 0) + amount;
    measured.set(name, sums);
  }
  return new Map(
    [...measured].map(([name, sums]) => [
      name,
      JSON.stringify(
        Object.fromEntries(
          // No recipient has a cost: a lead is bought once.
          COLUMNS.map((column) => [
            column.name,
            groupBy.length === 1 && readsCost(column) ? null : computeColumn(column, sums, isByLead),
          ]),
        ),
      ),
    ]),
  );
}

import { deployFlow, submitPath } from '../../bench/flow-api.ts';
import type { ServerProcess } from '../../bench/sluice-server.ts';
import { dailyCap, deliveryStep, flowWith, SOURCE_ENTITY_ID } from '../../bench/workloads.ts';
import { createIds } from '../../src/lib/ids.ts';
import type { FilterStep, RecipientStep } from '../../src/model/flow.ts';
import type { RuleSet } from '../../src/model/rule-set.ts';
import { readDeliveries } from './books.ts';
import { resolveAll } from './resolve.ts';
import { killAll, makeRetriesDue, pause, type Stage, setStage, until, untilRecovered } from './stage.ts';
import type { Verdict } from './verdicts.ts';

/**
 * `npm run chaos -- resend`: two servers, a waterfall of two buyers that answer 500 by chance and are tried again, and
 * senders who repeat every person that was not bought while a retry of it may wait. The servers and their PostgreSQL are
 * killed in between. In the end the buyers' own log says whether anybody was sold twice.
 */
export interface ResendOptions {
  kills: number;
  persons: number;
}

export interface ResendResult {
  verdicts: Verdict[];
  shortcomings: string[];
}

/** A sender gives up after so many tries. */
const TRIES_MAX = 8;
const SENDERS = 16;
/** Of load before each kill. */
const LOAD_MS = 4_000;
const DUE_EVERY_MS = 250;
const END_MS_MAX = 120_000;
const RESOLVE_ROUNDS_MAX = 5;
const MAXIMUM = 1_000_000;

export async function runResend(options: ResendOptions): Promise<ResendResult> {
  const stage = await setStage([]);
  let isClean = false;
  try {
    const result = await play(stage, options);
    isClean = result.shortcomings.length === 0 && result.verdicts.every(({ broken }) => broken === 0);
    return result;
  } finally {
    await stage.end({ isClean });
  }
}

async function play(stage: Stage, { kills, persons }: ResendOptions): Promise<ResendResult> {
  let servers = await startBoth(stage);
  const flow = await deployWaterfall(servers[0], stage.recipientUrl);
  const attempts: Attempts = {
    queue: Array.from({ length: persons }, (_, person) => ({ person, tries: 0 })),
    repeated: 0,
  };
  for (let round = 0; round <= kills; round += 1) {
    const stop = startSenders(servers, { path: flow.path, attempts });
    await stage.withDatabase((db) => keepDue(db, LOAD_MS));
    if (round === kills) {
      await stop();
      break;
    }
    for (const server of servers) await killAll(server);
    await stop();
    console.log(`kill ${round + 1}: ${attempts.repeated} submissions were repeats so far`);
    servers = await startBoth(stage);
  }
  await endAll(stage, servers[0]);
  const verdicts = await judgeResend(stage, flow.capId);
  for (const server of servers) await server.stop();
  return { verdicts, shortcomings: attempts.repeated === 0 ? ['no sender repeated anything'] : [] };
}

async function startBoth(stage: Stage): Promise<[ServerProcess, ServerProcess]> {
  const first = await stage.startServer();
  return [first, await stage.startServer()];
}

async function deployWaterfall(server: ServerProcess, recipientUrl: string): Promise<{ path: string; capId: string }> {
  const ids = createIds({ now: Date.now, random: Math.random });
  const buyer = (key: string, ruleSet: RuleSet | null): RecipientStep => {
    const id = ids.next();
    const step = deliveryStep({ url: `${recipientUrl}/failing/{{lead.id}}/${id}/{{lead.phone_1}}` });
    return { ...step, id, key, retry_enabled: true, ...(ruleSet ? { rule_set: ruleSet } : {}) };
  };
  const isNot = (key: string): RuleSet => ({
    op: 'and',
    rules: [{ lhv: `${key}.outcome`, op: 'is not equal to', rhv: 'success' }],
  });
  const duplicates: FilterStep = {
    type: 'filter',
    reason: 'duplicate',
    rule_set: { op: 'and', rules: [{ lhv: 'suppressionlist.is_duplicate', op: 'is true' }] },
  };
  const notSold: FilterStep = {
    type: 'filter',
    outcome: 'error',
    reason: 'Not sold',
    rule_set: { op: 'and', rules: [...isNot('first_buyer').rules, ...isNot('second_buyer').rules] },
  };
  const cap = { ...dailyCap(MAXIMUM), id: ids.next() };
  const id = await deployFlow(server, {
    ...flowWith([]),
    steps: [duplicates, buyer('first_buyer', null), buyer('second_buyer', isNot('first_buyer')), notSold],
    list_checks: { duplicate: { value: '{{lead.phone_1}}', list_name: 'resent people' } },
    caps: [cap],
  });
  return { path: submitPath(id, SOURCE_ENTITY_ID), capId: cap.id };
}

interface Attempts {
  /** Persons who were not bought yet, as far as their senders know. */
  queue: { person: number; tries: number }[];
  repeated: number;
}

/** Attempts over both servers; the answer ends them, and waits for what they have under way. */
function startSenders(
  servers: readonly ServerProcess[],
  { path, attempts }: { path: string; attempts: Attempts },
): () => Promise<void> {
  let isStopped = false;
  const sendOne = async (server: ServerProcess): Promise<void> => {
    while (!isStopped) {
      const next = attempts.queue.shift();
      if (!next) await pause(DUE_EVERY_MS);
      else if (!(await isBought(server, { path, person: next.person })) && next.tries < TRIES_MAX) {
        attempts.repeated += 1;
        attempts.queue.push({ person: next.person, tries: next.tries + 1 });
      }
    }
  };
  const senders = Array.from({ length: SENDERS }, (_, i) => {
    const server = servers[i % servers.length];
    return server ? sendOne(server) : Promise.resolve();
  });
  return async () => {
    isStopped = true;
    await Promise.all(senders);
  };
}

/** Whether the sender got the answer that the person was bought. A killed server answers nothing. */
async function isBought(server: ServerProcess, { path, person }: { path: string; person: number }): Promise<boolean> {
  try {
    const phone = `512${String(2_000_000 + person).padStart(7, '0')}`;
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ first_name: 'Ann', phone_1: phone, email: `p${person}@example.com` }),
    });
    // An edge: the answer of a source, as spec behaviour 3 has it.
    return ((await answer.json()) as { outcome?: string }).outcome === 'success';
  } catch {
    await pause(DUE_EVERY_MS);
    return false;
  }
}

type Db = Parameters<Parameters<Stage['withDatabase']>[0]>[0];

async function keepDue(db: Db, ms: number): Promise<void> {
  const endsAt = performance.now() + ms;
  while (performance.now() < endsAt) {
    await makeRetriesDue(db);
    await pause(DUE_EVERY_MS);
  }
}

/** Every retry has ended, and every delivery that may have arrived is resolved by what the buyers' log says. */
async function endAll(stage: Stage, server: ServerProcess): Promise<void> {
  for (let round = 0; round < RESOLVE_ROUNDS_MAX; round += 1) {
    const isOver = await stage.withDatabase(async (db) => {
      await untilRecovered(db);
      await until(async () => {
        await makeRetriesDue(db);
        // What waits to hear whether an alternative has the lead is asked once in a while, not all the time.
        await pause(DUE_EVERY_MS);
        return (await countRows(db, OPEN)) === 0;
      }, END_MS_MAX);
      return (await countRows(db, 'select 1 from unknowns where resolved_at is null')) === 0;
    });
    if (isOver) return;
    await resolveAll(stage, server);
  }
}

/** Retries that do not wait for a resolution. */
const OPEN = `select 1 from retries r where r.status in ('waiting', 'running')
  and not exists (select from unknowns u where u.lead_id = r.lead_id and u.resolved_at is null)`;

async function countRows(db: Db, sql: string): Promise<number> {
  const { rowCount } = await db.query(sql);
  return rowCount ?? 0;
}

async function judgeResend(stage: Stage, capId: string): Promise<Verdict[]> {
  const bought = readDeliveries(stage.recipientLogPath).filter(({ isBought }) => isBought);
  const byPerson = new Map<string, Set<string>>();
  const times = new Map<string, number>();
  for (const { phone, leadId, stepId } of bought) {
    byPerson.set(phone, (byPerson.get(phone) ?? new Set()).add(`${leadId} ${stepId}`));
    times.set(phone, (times.get(phone) ?? 0) + 1);
  }
  const twice = [...times].filter(([, count]) => count > 1).map(([phone, count]) => `phone ${phone}: ${count} times`);
  console.log(`${byPerson.size} persons were bought`);
  return stage.withDatabase(async (db) => {
    const left = [
      ...(await rows(db, "select 'cap holds ' || held as name from cap_windows where held <> 0")),
      ...(await rows(db, "select 'value held by ' || holder as name from list_items where holder is not null")),
      ...(await rows(db, "select 'places of lead ' || lead_id as name from lead_holds where state <> 'released'")),
    ];
    const { rows: counted } = await db.query<{ count: number }>(
      'select coalesce(sum(count), 0)::int as count from cap_windows where cap_id = $1',
      [capId],
    );
    const entries = await countRows(db, 'select 1 from list_items where added_at is not null');
    const count = counted[0]?.count ?? 0;
    const wrong = [
      ...(count === byPerson.size ? [] : [`the cap counts ${count}, ${byPerson.size} persons were bought`]),
      ...(entries === byPerson.size ? [] : [`the list has ${entries} entries, ${byPerson.size} persons were bought`]),
    ];
    return [
      verdict('persons sold twice, by the buyers’ log', twice),
      verdict('places left held', left),
      verdict('places lost or counted too often', wrong),
    ];
  });
}

async function rows(db: Db, sql: string): Promise<string[]> {
  const found = await db.query<{ name: string }>(sql).catch(() => ({ rows: [] }));
  return found.rows.map(({ name }) => name);
}

function verdict(name: string, faults: readonly string[]): Verdict {
  return { name, broken: faults.length, example: faults[0] ?? '' };
}

import type pg from 'pg';
import type { ServerProcess } from '../../bench/sluice-server.ts';
import { firstIdAt } from '../../src/lib/ids.ts';
import { readBooks } from './books.ts';
import { outliveDatabase } from './database-loss.ts';
import { outliveLease } from './fence.ts';
import { deployCappedFlow, deployFlakyFlow, deployWideFlow, type Limit, mixFlows, NEVER_REACHED } from './flows.ts';
import { type Moment, printKill, printLoss, printVerdicts } from './print.ts';
import { resolveAll } from './resolve.ts';
import {
  countRuns,
  countUnacknowledged,
  killAll,
  makeRetriesDue,
  pause,
  type Stage,
  setStage,
  until,
  untilRecovered,
} from './stage.ts';
import { startTraffic } from './traffic.ts';
import { judge, type Verdict, worst } from './verdicts.ts';

/**
 * `npm run chaos -- kill9`: a server under load with deliveries is killed together with its PostgreSQL, over and over,
 * and after each recovery the books are compared with the answers to senders and the deliveries to recipients. Then, under
 * two servers, the database is killed alone and one of them is, as often again. Last, a process is stopped past its lease
 * while another takes its leads over, and wakes up.
 */
export interface Kill9Options {
  phases: readonly Phase[];
  /** Of each kind: server with database, database alone, server alone. */
  kills: number;
  connections: number;
  /** Of SLUICE_TEST_SWITCHES: a guarantee to switch off, to see the run turn red. */
  switches: readonly string[];
  /** Ends the kills with the first verdict that is broken, however many leads they found. */
  endsWhenBroken: boolean;
}

/**
 * `kills`: server and database together; `database`: it alone, and one of two servers alone; `fence`: a process stopped
 * past its lease.
 */
export const PHASES = ['kills', 'database', 'fence'] as const;
export type Phase = (typeof PHASES)[number];

export interface Kill9Result {
  /** Every verdict, with the most that ever broke it. */
  verdicts: Verdict[];
  /** What keeps the run from meaning as much as it should, a sentence each. */
  shortcomings: string[];
}

/** So many leads in each stage make a kill count. */
const STAGE_LEADS_MIN = 20;
/** A kill that found fewer is made again, as often as kills are wanted and so often in a short run. */
const EXTRA_KILLS_MIN = 5;
/** Places of a capped flow: about what one round sends it. */
const CAP_MAXIMUM = 300;
/** Of a flaky buyer: fewer, so that later attempts find the last ones taken. */
const FLAKY_MAXIMUM = 100;
const LOAD_MS_MIN = 1_500;
/** The stages fill within a second; past this the kill comes as it is. */
const RIPE_MS_MAX = 10_000;
/** Leads enough for all caps of a long run on a busy machine. */
const FILL_MS_MAX = 180_000;
const FILL_POLL_MS = 250;
const FILL_CONNECTIONS = 64;

export async function runKill9(options: Kill9Options): Promise<Kill9Result> {
  const stage = await setStage([...options.switches, 'hold-answers']);
  let isClean = false;
  try {
    const result = await play(stage, options);
    // What a run that was meant to break leaves behind is of no use.
    isClean = isGreen(result) || options.endsWhenBroken;
    return result;
  } finally {
    await stage.end({ isClean });
  }
}

export function isGreen({ verdicts, shortcomings }: Kill9Result): boolean {
  return shortcomings.length === 0 && verdicts.every(({ broken }) => broken === 0);
}

async function play(stage: Stage, options: Kill9Options): Promise<Kill9Result> {
  const { connections, phases } = options;
  const judgements: Verdict[][] = [];
  const judgeNow = async (): Promise<Verdict[]> => {
    const verdicts = judge(await stage.withDatabase((db) => readBooks({ ...stage, db })));
    judgements.push(verdicts);
    return verdicts;
  };

  let server = await stage.startServer();
  stage.flows.push(await deployWideFlow(server, stage.recipientUrl));
  stage.flows.push(await deployFlakyFlow(server, stage.recipientUrl, FLAKY_MAXIMUM));
  const kills = phases.includes('kills') ? options.kills : 0;
  let counted = 0;
  let attempts = 0;
  const killsMax = kills + Math.max(EXTRA_KILLS_MIN, kills);
  for (let kill = 1; counted < kills && kill <= killsMax; kill += 1) {
    const moment = await loadAndKill({ stage, server, connections });
    const startedAt = performance.now();
    server = await stage.startServer();
    await stage.withDatabase(untilRecovered);
    const recoveryMs = Math.round(performance.now() - startedAt);
    if (doesCount(moment)) counted += 1;
    attempts += moment.attempts;
    const verdicts = await judgeNow();
    printKill({ kill, moment, counts: doesCount(moment), recoveryMs, verdicts });
    if (options.endsWhenBroken && verdicts.some(({ broken }) => broken > 0)) break;
  }
  if (phases.includes('database')) {
    let second = await stage.startServer();
    for (let kill = 1; kill <= options.kills; kill += 1) {
      stage.flows.push(await deployCappedFlow(server, stage.recipientUrl, CAP_MAXIMUM));
      stage.flows.push(await deployFlakyFlow(server, stage.recipientUrl, FLAKY_MAXIMUM));
      const loss = await outliveDatabase({ stage, server, second, connections });
      second = loss.second;
      attempts += loss.moment.attempts;
      const verdicts = await judgeNow();
      printLoss({ kill, moment: loss.moment, backMs: loss.backMs, verdicts });
      if (options.endsWhenBroken && verdicts.some(({ broken }) => broken > 0)) break;
    }
    await second.stop();
  }
  if (phases.includes('fence')) {
    await outliveLease({ stage, server, connections });
    printVerdicts('after the process that was stopped past its lease woke up', await judgeNow());
  }
  // Runs that cannot end would be waited for.
  if (options.endsWhenBroken && judgements.flat().some(({ broken }) => broken > 0))
    return { verdicts: worst(judgements), shortcomings: [] };
  const unresolved = await resolveAll(stage, server);
  printVerdicts('after somebody said what became of each delivery that may have arrived', await judgeNow());
  const unfilled = await fillCaps(stage, server);
  printVerdicts('after all caps were filled', await judgeNow());
  await server.stop();
  const hasKilled = options.kills > 0 && (phases.includes('kills') || phases.includes('database'));
  const untried = hasKilled && attempts === 0 ? ['no kill found a later attempt under way'] : [];
  return {
    verdicts: worst(judgements),
    shortcomings: [...tooFew(counted, kills), ...untried, ...unresolved, ...unfilled],
  };
}

/** Loads the server until leads are in every stage, then kills it and its PostgreSQL, and counts what was where. */
async function loadAndKill(options: { stage: Stage; server: ServerProcess; connections: number }): Promise<Moment> {
  const { stage, server, connections } = options;
  stage.flows.push(await deployCappedFlow(server, stage.recipientUrl, CAP_MAXIMUM));
  stage.flows.push(await deployFlakyFlow(server, stage.recipientUrl, FLAKY_MAXIMUM));
  const firstId = firstIdAt(Date.now());
  const traffic = await startTraffic({
    port: server.port,
    paths: mixFlows(stage.flows),
    connections,
    ledger: stage.ledger,
  });
  await stage.withDatabase(async (db) => {
    await pause(LOAD_MS_MIN);
    let acknowledgedBefore = stage.ledger.acknowledged.size;
    const isRipe = async (): Promise<boolean> => {
      await makeRetriesDue(db);
      const acknowledgedNow = stage.ledger.acknowledged.size;
      const isAnswering = acknowledgedNow > acknowledgedBefore;
      acknowledgedBefore = acknowledgedNow;
      const { claimed, further, attempts } = await countRuns(db);
      const settled = await countUnacknowledged(db, stage.ledger, firstId);
      // More than must be found: they move on.
      return isAnswering && attempts > 0 && Math.min(claimed, further, settled) >= 2 * STAGE_LEADS_MIN;
    };
    await until(isRipe, RIPE_MS_MAX);
    await killAll(server);
  });
  await traffic.lost;
  return stage.withDatabase(async (db) => {
    const { claimed, further, attempts } = await countRuns(db);
    const settled = await countUnacknowledged(db, stage.ledger, firstId);
    return { claimed, further, settled, attempts };
  });
}

function doesCount({ claimed, further, settled }: Moment): boolean {
  return Math.min(claimed, further, settled) >= STAGE_LEADS_MIN;
}

function tooFew(counted: number, kills: number): string[] {
  if (counted >= kills) return [];
  return [`only ${counted} of ${kills} kills found ${STAGE_LEADS_MIN} leads in each stage`];
}

/** Sends leads to the flows with caps until every place is used; a cap that keeps room has lost places. */
async function fillCaps(stage: Stage, server: ServerProcess): Promise<string[]> {
  const filling = stage.flows.filter(({ kind }) => kind !== 'wide');
  if (filling.length === 0) return [];
  const paths = filling.map((flow) => flow.path);
  const limits = filling.flatMap((flow) => flow.limits).filter(({ maximum }) => maximum < NEVER_REACHED);
  const traffic = await startTraffic({ port: server.port, paths, connections: FILL_CONNECTIONS, ledger: stage.ledger });
  await stage.withDatabase((db) =>
    until(async () => {
      await pause(FILL_POLL_MS);
      return (await findRoom(db, limits)).length === 0;
    }, FILL_MS_MAX),
  );
  await traffic.drain();
  return stage.withDatabase(async (db) => {
    await untilRecovered(db);
    return findRoom(db, limits);
  });
}

async function findRoom(db: pg.Client, limits: readonly Limit[]): Promise<string[]> {
  const { rows } = await db.query<{ cap_id: string; count: number }>('select cap_id, count::int from cap_windows');
  const counts = new Map(rows.map((row) => [row.cap_id, row.count]));
  return limits
    .map(({ capId, maximum }) => ({ capId, maximum, count: counts.get(capId) ?? 0 }))
    .filter(({ count, maximum }) => count < maximum)
    .map(({ capId, count, maximum }) => `cap ${capId} counts ${count} of ${maximum} after leads enough for all`);
}

import type { ServerProcess } from '../../../bench/sluice-server.ts';
import { readBooks, readDeliveries } from '../books.ts';
import { printVerdicts } from '../print.ts';
import { resolveAll } from '../resolve.ts';
import { pause, type Stage, setStage, until, untilRecovered } from '../stage.ts';
import { judge, type Verdict, worst } from '../verdicts.ts';
import { killDatabase, killServer, type NodeLoss } from './kills.ts';
import { type LimitPart, readWindow } from './part.ts';
import { PART_KINDS } from './part-kinds.ts';
import { createSenders, type PartUnderLoad } from './senders.ts';

/**
 * `npm run chaos -- limits`: three servers share one PostgreSQL and have every kind of limit, under senders that talk to
 * all of them. In each round something is killed while the limits fill: a server, another server, the database. In the
 * end the counters, the answers and the recipients' own log must say the same, to the last lead.
 */
export interface LimitsOptions {
  /** Senders at once. */
  connections: number;
  /** Of SLUICE_TEST_SWITCHES: a guarantee to switch off, to see the run turn red. */
  switches: readonly string[];
  /** Names of kinds of parts; empty: all. */
  parts: readonly string[];
}

export interface LimitsResult {
  verdicts: Verdict[];
  /** What is not as it must be, a sentence for each part of each round. */
  faults: string[];
}

/** What is killed, a round each. */
const ROUNDS = ['second server', 'third server', 'database'] as const;
/** The first places are taken, and most are not. */
const TAKEN_BEFORE_KILL = 40;
const RIPE_MS_MAX = 20_000;
/** All caps fill in a fraction of it; past it one that has room has lost places. */
const FILL_MS_MAX = 120_000;
const POLL_MS = 100;
/** The run's promise: places of a dead node are free again, or used, within it. */
const DEAD_HOLDS_MS_MAX = 30_000;
/** A part that never fills is sent to for so long after the kill. */
const LOAD_AFTER_KILL_MS = 4_000;
/** Deliveries that are resolved free places, which others take; and those may be in doubt again only after a kill. */
const REFILLS_MAX = 3;

export async function runLimits(options: LimitsOptions): Promise<LimitsResult> {
  const stage = await setStage([...options.switches]);
  let isClean = false;
  try {
    const result = await play(stage, options);
    isClean = isGreenRun(result);
    return result;
  } finally {
    await stage.end({ isClean });
  }
}

export function isGreenRun({ verdicts, faults }: LimitsResult): boolean {
  return faults.length === 0 && verdicts.every(({ broken }) => broken === 0);
}

async function play(stage: Stage, options: LimitsOptions): Promise<LimitsResult> {
  const servers = [await stage.startServer(), await stage.startServer(), await stage.startServer()];
  const kinds = PART_KINDS.filter(({ name }) => options.parts.length === 0 || options.parts.includes(name));
  const judgements: Verdict[][] = [];
  const faults: string[] = [];
  for (const [index, victim] of ROUNDS.entries()) {
    console.log(`\n--- round ${index + 1}: the ${victim} is killed`);
    const parts: PartUnderLoad[] = [];
    for (const kind of kinds) parts.push({ part: await kind.deploy(first(servers), stage.recipientUrl), answers: [] });
    stage.flows.push(...parts.map(({ part }) => part.flow));
    const loss = await playRound({ stage, servers, parts, victim, connections: options.connections });
    console.log(describeLoss(loss));
    if (loss.deadHoldsMs !== null && loss.deadHoldsMs > DEAD_HOLDS_MS_MAX)
      faults.push(`holds of the killed server were left for ${loss.deadHoldsMs} ms`);
    faults.push(...(await settleRound({ stage, servers, parts, connections: options.connections })));
    judgements.push(await stage.withDatabase(async (db) => judge(await readBooks({ ...stage, db }))));
    printVerdicts('the books of all leads', judgements.at(-1) ?? []);
  }
  for (const server of [...servers].reverse()) await server.stop();
  return { verdicts: worst(judgements), faults };
}

interface Round {
  stage: Stage;
  /** The first owns the database; a killed one is replaced in place. */
  servers: ServerProcess[];
  parts: PartUnderLoad[];
  connections: number;
}

/** Loads all parts, kills what the round is about, and goes on until every cap is full. */
async function playRound(round: Round & { victim: (typeof ROUNDS)[number] }): Promise<NodeLoss> {
  const { stage, servers, parts, victim, connections } = round;
  const senders = createSenders({ servers, ledger: stage.ledger });
  const running = senders.start(parts, connections);
  const loss = await stage.withDatabase(async (db) => {
    const fills = parts.flatMap(({ part }) => part.fills);
    await until(async () => {
      await pause(POLL_MS);
      for (const { capId } of fills) {
        const { count, held } = await readWindow(db, capId);
        if (count + held < TAKEN_BEFORE_KILL) return false;
      }
      return true;
    }, RIPE_MS_MAX);
    if (victim === 'database') return killDatabase({ db, server: first(servers), ledger: stage.ledger });
    return killServer({ db, stage, servers, index: victim === 'second server' ? 1 : 2 });
  });
  await pause(LOAD_AFTER_KILL_MS);
  await stage.withDatabase((db) => untilFull(db, parts));
  await running.stop();
  return loss;
}

/** Ends what is under way, says of each doubtful delivery what the recipient knows, fills what is free again, judges. */
async function settleRound({ stage, servers, parts, connections }: Round): Promise<string[]> {
  await stage.withDatabase(untilRecovered);
  const faults = await resolveAll(stage, first(servers));
  const senders = createSenders({ servers, ledger: stage.ledger });
  for (let refill = 0; refill < REFILLS_MAX; refill += 1) {
    const open = await stage.withDatabase((db) => findOpen(db, parts));
    if (open.length === 0) break;
    const running = senders.start(open, connections);
    await stage.withDatabase((db) => untilFull(db, open));
    await running.stop();
    await stage.withDatabase(untilRecovered);
  }
  const deliveries = readDeliveries(stage.recipientLogPath).filter(({ isBought }) => isBought);
  return stage.withDatabase(async (db) => {
    for (const { part, answers } of parts) {
      const own = deliveries.filter(({ stepId }) => part.stepIds.includes(stepId));
      const found = await part.judge({ db, deliveries: own, answers });
      console.log(`${found.faults.length === 0 ? 'ok  ' : 'FAIL'} ${part.name}: ${found.figures}`);
      for (const fault of found.faults.slice(0, FAULTS_SHOWN)) console.log(`     ${fault}`);
      if (found.faults.length > 0)
        faults.push(`${part.name}: ${found.faults.length} faults, such as: ${found.faults[0]}`);
    }
    return faults;
  });
}

const FAULTS_SHOWN = 3;

type Db = Parameters<LimitPart['judge']>[0]['db'];

function untilFull(db: Db, parts: readonly PartUnderLoad[]): Promise<boolean> {
  return until(async () => {
    await pause(POLL_MS);
    return (await findOpen(db, parts)).length === 0;
  }, FILL_MS_MAX);
}

/** Parts with a cap that has room for another lead. */
async function findOpen(db: Db, parts: readonly PartUnderLoad[]): Promise<PartUnderLoad[]> {
  const open: PartUnderLoad[] = [];
  for (const under of parts) {
    for (const { capId, maximum } of under.part.fills) {
      const { count } = await readWindow(db, capId);
      if (count < maximum && !open.includes(under)) open.push(under);
    }
  }
  return open;
}

function describeLoss({ what, running, deadHoldsMs, backMs }: NodeLoss): string {
  const found = `the ${what} was killed with ${running} leads under way`;
  const holds = deadHoldsMs === null ? '' : `; its holds were gone after ${deadHoldsMs} ms`;
  return `${found}${holds}${backMs === null ? '' : `; leads are taken again after ${backMs} ms`}`;
}

function first(servers: readonly ServerProcess[]): ServerProcess {
  const [server] = servers;
  if (!server) throw new Error('no server is running');
  return server;
}

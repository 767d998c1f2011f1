import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { treePids } from './cpu.ts';
import { describeMachine, rotate } from './intake.ts';
import { type LoadReport, type loadHandlers, refuseBrokenReport } from './load.ts';
import { findWrongAnswers, PROBE_PERSONS } from './peers/probe.ts';
import { type Peer, type PeerStage, startPeers } from './peers/start-peers.ts';
import { formatPeers, type PeerCell, type PeerRun, STORED, summarisePeers, titleOfCell } from './peers-table.ts';
import { PERSONS_MAX } from './person-request.ts';
import { forkScript, type ScriptProcess } from './processes.ts';
import type { recipientHandlers } from './recipient.ts';
import { describeWarmUp, type WarmUpReport, warmUp } from './warm-up.ts';

export interface PeersOptions {
  /** Repetitions, each of which measures every cell once. */
  rounds: number;
  /** Of each measured window. */
  seconds: number;
  connections: number[];
  /** A PostgreSQL to use instead of the embedded one. */
  databaseUrl: string | undefined;
}

/** What is sent, and how it must end. */
const VARIANTS = [
  { name: 'rejected', values: { state: 'FL' }, answer: '"reason":"state"', isDelivered: false },
  { name: 'delivered', values: {}, answer: '"outcome":"success"', isDelivered: true },
] as const;
/** The peer without a flow takes every lead. */
const STORING = { name: STORED, values: {}, answer: '"outcome":"success"', isDelivered: false } as const;

type Variant = (typeof VARIANTS)[number] | typeof STORING;

const WARM_UP_CONNECTIONS = 64;
const WARM_UP_WINDOW_SECONDS = 2;
const WARM_UP_WINDOWS_MAX = 12;
const RESULTS = fileURLToPath(new URL('./results/', import.meta.url));

/**
 * The same flow in Sluice, by hand and in Node-RED, beside one INSERT: interleaved, on one PostgreSQL, each process warm,
 * each answer and each delivery counted. Prints the table and writes bench/results/peers.json; throws when a peer is wrong.
 */
export async function measurePeers(options: PeersOptions): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'sluice-peers-'));
  // The embedded server of a bench run by root runs as another user, who must be able to enter.
  chmodSync(home, 0o755);
  const load = forkScript<typeof loadHandlers>(new URL('./load.ts', import.meta.url));
  const recipient = forkScript<typeof recipientHandlers>(new URL('./recipient.ts', import.meta.url));
  let stage: PeerStage | null = null;
  try {
    const recipientUrl = `http://127.0.0.1:${await recipient.ask('listen', null)}/`;
    stage = await startPeers({ home, recipientUrl, databaseUrl: options.databaseUrl });
    for (const notice of stage.notices) console.error(notice);
    const bench = { load, recipient, stage, persons: { next: 0 } };
    await probeAll(bench);
    const warmUps = await warmAll(bench);
    const runs = await runInterleaved(bench, options);
    report({ options, notices: stage.notices, warmUps, runs });
  } finally {
    await stage?.stop();
    await Promise.all([load.stop(), recipient.stop()]);
    rmSync(home, { recursive: true, force: true });
  }
}

interface Bench {
  load: ScriptProcess<typeof loadHandlers>;
  recipient: ScriptProcess<typeof recipientHandlers>;
  stage: PeerStage;
  /** No person is sent twice, but by a probe. */
  persons: { next: number };
}

async function probeAll({ recipient, stage, persons }: Bench): Promise<void> {
  for (const { name, port, path, cappedPath } of stage.peers) {
    if (cappedPath === null) continue;
    const server = `http://127.0.0.1:${port}`;
    const wrong = await findWrongAnswers({
      url: `${server}${path}`,
      cappedUrl: `${server}${cappedPath}`,
      firstPerson: persons.next,
      countPersons: (range) => recipient.ask('persons', range),
    });
    persons.next += PROBE_PERSONS;
    if (wrong.length > 0) throw new Error(`${name} runs the flow wrongly: ${wrong.join('; ')}`);
  }
}

/** Every peer with every variant it has. */
function listTargets({ peers }: PeerStage): { peer: Peer; variant: Variant }[] {
  return peers.flatMap((peer) =>
    (peer.cappedPath === null ? [STORING] : VARIANTS).map((variant) => ({ peer, variant })),
  );
}

async function warmAll(bench: Bench): Promise<WarmUpReport[]> {
  const reports: WarmUpReport[] = [];
  for (const target of listTargets(bench.stage)) {
    const place = { ...target, connections: WARM_UP_CONNECTIONS, seconds: WARM_UP_WINDOW_SECONDS };
    const measure = async () => {
      const { cpuUs, requests } = await runOnce(bench, place);
      return (cpuUs['node'] ?? Number.NaN) / requests;
    };
    const report = await warmUp({ title: titleOfCell(cellOf(place)), windowsMax: WARM_UP_WINDOWS_MAX, measure });
    console.error(describeWarmUp(report));
    reports.push(report);
  }
  return reports;
}

async function runInterleaved(bench: Bench, options: PeersOptions): Promise<PeerRun[]> {
  const runs: PeerRun[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    for (const connections of options.connections) {
      for (const target of rotate(listTargets(bench.stage), round)) {
        const place = { ...target, connections, seconds: options.seconds };
        const cell = cellOf(place);
        const report = await runOnce(bench, place);
        runs.push({ cell, round, report, residentMiB: readResidentMiB(target.peer) });
        const rate = Math.round((report.requests / report.windowMs) * 1000);
        console.error(`round ${round + 1}/${options.rounds}  ${titleOfCell(cell)}: ${rate}/s`);
      }
    }
  }
  return runs;
}

interface Place {
  peer: Peer;
  variant: Variant;
  connections: number;
  seconds: number;
}

function cellOf({ peer, variant, connections }: Place): PeerCell {
  return { peer: peer.name, variant: variant.name, connections };
}

/** One window of load; throws when an answer is wrong, or when a lead was delivered more or less often than it must be. */
async function runOnce({ load, recipient, stage, persons }: Bench, place: Place): Promise<LoadReport> {
  const { peer, variant, connections, seconds } = place;
  const first = persons.next;
  const { postmasterPid } = stage.databases;
  const isPostgresWatched = peer.usesDatabase && postmasterPid !== null;
  const report = await load.ask('run', {
    port: peer.port,
    path: peer.path,
    values: variant.values,
    expected: { status: 201, text: variant.answer },
    watched: [
      { name: 'node', pid: peer.pid, exceptPid: peer.exceptPid },
      ...(isPostgresWatched ? [{ name: 'postgres', pid: postmasterPid, exceptPid: null }] : []),
    ],
    connections,
    firstPerson: first,
    warmUpMs: seconds * 250,
    windowMs: seconds * 1000,
    requestsMax: Number.MAX_SAFE_INTEGER,
  });
  const count = report.requestsInAll;
  persons.next += count;
  const title = titleOfCell(cellOf(place));
  if (persons.next > PERSONS_MAX)
    throw new Error(`${title}: the run needs more than ${PERSONS_MAX} persons; shorten it`);
  refuseBrokenReport(title, report);
  const came = await recipient.ask('persons', { first, count });
  const right = variant.isDelivered ? came.once : came.never;
  if (right !== count || came.unreadable > 0)
    throw new Error(`${title}: ${count} leads were answered, and the recipient counted ${JSON.stringify(came)}`);
  return report;
}

/** Resident memory of the server's processes, without PostgreSQL's. */
function readResidentMiB({ pid, exceptPid }: Peer): number {
  const sizes = treePids(pid, exceptPid).map((each) => {
    const status = readFileSync(`/proc/${each}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
  });
  return sizes.reduce((sum, size) => sum + size, 0) / 1024;
}

function report(given: { options: PeersOptions; notices: string[]; warmUps: WarmUpReport[]; runs: PeerRun[] }): void {
  const machine = describeMachine();
  const rows = summarisePeers(given.runs);
  const { rounds, seconds } = given.options;
  const date = new Date().toISOString().slice(0, 10);
  console.log(`${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Linux ${machine.kernel}`);
  console.log(`Node ${machine.node}; ${given.notices.join('; ')}; ${rounds} rounds of ${seconds} s; ${date}\n`);
  console.log(formatPeers(rows));
  console.log('');
  for (const each of given.warmUps) if (!each.isReached) console.log(describeWarmUp(each));
  mkdirSync(RESULTS, { recursive: true });
  const { databaseUrl, ...options } = given.options; // the URL holds a password
  const json = { machine, notices: given.notices, options: { ...options, isEmbedded: databaseUrl === undefined } };
  writeFileSync(
    join(RESULTS, 'peers.json'),
    `${JSON.stringify({ ...json, warmUps: given.warmUps, rows, runs: given.runs }, null, 2)}\n`,
  );
}

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecipientStep } from '../src/model/flow.ts';
import { deployFlow, submitPath } from './flow-api.ts';
import type { loadHandlers } from './load.ts';
import { forkScript, type ScriptProcess } from './processes.ts';
import { type ServerProcess, startSluice } from './sluice-server.ts';
import { median } from './statistics.ts';
import { flowWith, SOURCE_ENTITY_ID } from './workloads.ts';

export interface FlowsOptions {
  rounds: number;
  /** Of each measured window. */
  seconds: number;
}

const CONNECTIONS = 16;
const WAYS = ['without HTTP', 'over HTTP'] as const;
type Way = (typeof WAYS)[number];

interface Costs {
  serverUs: number;
  postgresUs: number;
}

/**
 * What does a lead cost that another flow of the same server gets? Once with `sluice.outbound.flow`, once with
 * `leadconduit-default.outbound` over HTTP to the same server, in rounds that are interleaved. Prints CPU for each outer
 * lead, both flows included, and returns whether the way without HTTP is the cheaper one.
 */
export async function measureFlows(options: FlowsOptions): Promise<boolean> {
  const home = mkdtempSync(join(tmpdir(), 'sluice-flows-'));
  // The embedded server of a bench run by root runs as another user, who must be able to enter.
  chmodSync(home, 0o755);
  const load = forkScript<typeof loadHandlers>(new URL('./load.ts', import.meta.url));
  const server = await startSluice({ dataDir: join(home, 'data'), logPath: join(home, 'server.log') });
  try {
    const inner = await deployFlow(server, flowWith([]));
    const url = `http://127.0.0.1:${server.port}${submitPath(inner, SOURCE_ENTITY_ID)}`;
    const flows = {
      'without HTTP': await deployFlow(
        server,
        flowWith([stepWith('sluice.outbound.flow', { flow_id: inner, source_id: SOURCE_ENTITY_ID })]),
      ),
      'over HTTP': await deployFlow(server, flowWith([stepWith('leadconduit-default.outbound', { url })])),
    };
    return report(await measureRounds({ load, server, flows }, options));
  } finally {
    await server.stop();
    await load.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

function stepWith(moduleId: string, mapped: Record<string, string>): RecipientStep {
  const mappings = Object.entries(mapped).map(([property, value]) => ({ property, value }));
  return { type: 'recipient', entity: { name: 'Other flow' }, integration: { module_id: moduleId, mappings } };
}

interface Stage {
  load: ScriptProcess<typeof loadHandlers>;
  server: ServerProcess;
  flows: Readonly<Record<Way, string>>;
}

/** The first round warms the code and is not counted. */
async function measureRounds(stage: Stage, { rounds, seconds }: FlowsOptions): Promise<Map<Way, Costs[]>> {
  const measured = new Map<Way, Costs[]>(WAYS.map((way) => [way, []]));
  let firstPerson = 0;
  for (let round = 0; round <= rounds; round += 1) {
    for (const way of round % 2 === 0 ? WAYS : WAYS.toReversed()) {
      const { costs, requests } = await measureWindow(stage, { way, seconds, firstPerson });
      firstPerson += requests;
      if (round > 0) measured.get(way)?.push(costs);
    }
  }
  return measured;
}

async function measureWindow(
  { load, server, flows }: Stage,
  { way, seconds, firstPerson }: { way: Way; seconds: number; firstPerson: number },
): Promise<{ costs: Costs; requests: number }> {
  const postmasterPid = server.postmasterPid();
  const { requests, requestsInAll, unexpected, unexpectedSample, cpuUs } = await load.ask('run', {
    port: server.port,
    path: submitPath(flows[way], SOURCE_ENTITY_ID),
    expected: { status: 201, text: '"outcome":"success"' },
    watched: [
      { name: 'node', pid: server.pid, exceptPid: postmasterPid },
      { name: 'postgres', pid: postmasterPid, exceptPid: null },
    ],
    connections: CONNECTIONS,
    firstPerson,
    warmUpMs: 250,
    windowMs: seconds * 1000,
    requestsMax: Number.MAX_SAFE_INTEGER,
  });
  if (unexpected > 0 || requests === 0)
    throw new Error(`${unexpected} unexpected answers, such as ${unexpectedSample}`);
  const perLead = (name: string) => (cpuUs[name] ?? Number.NaN) / requests;
  return { costs: { serverUs: perLead('node'), postgresUs: perLead('postgres') }, requests: requestsInAll };
}

function report(measured: ReadonlyMap<Way, Costs[]>): boolean {
  const sums = WAYS.map((way) => {
    const all = measured.get(way) ?? [];
    const serverUs = median(all.map((costs) => costs.serverUs));
    const postgresUs = median(all.map((costs) => costs.postgresUs));
    const both = `server ${serverUs.toFixed(0)} µs, PostgreSQL ${postgresUs.toFixed(0)} µs`;
    process.stdout.write(`${way}: CPU for each outer lead and its inner lead: ${both}\n`);
    return serverUs + postgresUs;
  });
  const [inside = Number.NaN, outside = Number.NaN] = sums;
  process.stdout.write(`without HTTP / over HTTP: ${(inside / outside).toFixed(2)}\n`);
  return inside < outside;
}

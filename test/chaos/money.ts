import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import type pg from 'pg';
import { API_KEY, type ServerProcess } from '../../bench/sluice-server.ts';
import { buildAuthorization } from '../../client/src/authorization.ts';
import { DEFAULT_SCHEMA, nameQueueSchema } from '../../src/store/postgres/schemas.ts';
import { buildFlows } from '../money/agreements.ts';
import { readFlow } from '../money/deploy.ts';
import { type History, histories } from '../money/history.ts';
import { type Books, judgeMoney } from '../money/judge.ts';
import { openPeers, type PeerRequest, type Peers } from '../money/peers.ts';
import {
  askAgain,
  forEach,
  giveFeedback,
  type Notes,
  openNotes,
  type Play,
  settleDeliveries,
  settleFeedback,
  valuesOf,
} from '../money/play.ts';
import { killAll, pause, type Stage, setStage } from './stage.ts';

/**
 * `npm run chaos -- money`: thousands of leads with the mix of `test/money`, while the server and its PostgreSQL are
 * killed. In the end what each lead is reported to cost and to earn, the sums of rows and the counters of revenue caps are
 * compared with what senders, recipients, the pricing service and the source wrote down.
 */
export interface MoneyOptions {
  leads: number;
  kills: number;
  seed: number;
}

export interface MoneyResult {
  books: Books;
  faults: string[];
}

const SENDERS = 48;
/** Of load between a start and the next kill. */
const LOAD_MS = 8_000;
const FAULTS_SHOWN = 20;
/** A server that starts again recovers what its predecessor left. */
const ANSWER_MS_MAX = 120_000;
const ASK_AGAIN_MS = 200;

export async function runMoney(options: MoneyOptions): Promise<MoneyResult> {
  const stage = await setStage([]);
  let isClean = false;
  try {
    const result = await play(stage, options);
    isClean = result.faults.length === 0;
    return result;
  } finally {
    await stage.end({ isClean });
  }
}

async function play(stage: Stage, { leads, kills, seed }: MoneyOptions): Promise<MoneyResult> {
  const lives = fc.sample(histories, { numRuns: leads, seed });
  const peers = openPeers((lead) => lives[lead]);
  const { url, close } = await servePeers(peers);
  const house = await openHouse(stage);
  const ask: Play['ask'] = (method, path, body) => askUntilAnswered(house, { method, path, body });
  const service = await ask('POST', '/pricing_services', {
    name: 'Rates',
    url: `${url}price`,
    variables: ['lead.first_name'],
  });
  const flows: Play['flows'][number][] = [];
  for (const [index, flow] of buildFlows({ url, serviceId: service.body.id }).entries()) {
    const { body } = await ask('POST', '/flows', flow);
    await ask('POST', `/flows/${body.id}/deploy`, {});
    flows.push(readFlow(body, index));
  }
  const query = house.query;
  const runDuty = async () => void (await query(`select ${nameQueueSchema(DEFAULT_SCHEMA)}.add_job('feedback')`));
  const on: Play = { flows, histories: lives, peers, ask, query, runDuty };
  const notes = openNotes();
  const killing = house.killOften(kills);
  await submitAll(house, { on, notes });
  console.log(`${notes.told.size} of ${leads} senders got an answer`);
  await giveFeedback(on, notes, { isEarly: true });
  await settleDeliveries(on, notes);
  await giveFeedback(on, notes, { isEarly: false });
  await settleFeedback(on);
  console.log(`the server was killed ${await killing()} times`);
  await settleDeliveries(on, notes);
  await settleFeedback(on);
  await askAgain(on, notes);
  const { books, faults } = await judgeMoney(on, notes);
  print(books, faults);
  await house.stop();
  close();
  return { books, faults };
}

function print(books: Books, faults: readonly string[]): void {
  const dollars = (units: number) => (units / 10_000).toFixed(4);
  const { leads, deliveries, sales, returns, conversions, cost, revenue, costBack, revenueBack } = books;
  console.log(
    `${leads} leads, ${deliveries} deliveries, ${sales} sales, ${returns} returns, ${conversions} conversions`,
  );
  console.log(`cost ${dollars(cost)}, of it ${dollars(costBack)} taken back`);
  console.log(`revenue ${dollars(revenue)}, of it ${dollars(revenueBack)} taken back`);
  console.log(`profit ${dollars(revenue - revenueBack - cost + costBack)}`);
  console.log(`${faults.length} differences`);
  for (const fault of faults.slice(0, FAULTS_SHOWN)) console.log(`  ${fault}`);
}

/** The peers live in this process, which is never killed. */
async function servePeers(peers: Peers): Promise<{ url: string; close(): void }> {
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const request: PeerRequest = {
        path: req.url ?? '',
        headers: req.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      const answer = peers.answer(request);
      if (answer === 'hangUp') return res.destroy();
      return res
        .writeHead(answer.status ?? 200, { 'Content-Type': 'application/json' })
        .end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server has a port
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The server and its database, which are killed and started again. */
interface House {
  /** Of the server that lives; undefined: none does. */
  port(): number | undefined;
  query: Play['query'];
  /** Kills and starts it again, at most so often; the answer ends that and says how often it was. */
  killOften(times: number): () => Promise<number>;
  stop(): Promise<void>;
}

async function openHouse(stage: Stage): Promise<House> {
  let server: ServerProcess | undefined = await stage.startServer();
  let connection = await connect(stage);
  async function query(text: string, values?: unknown[]): Promise<Record<string, unknown>[]> {
    const deadline = performance.now() + ANSWER_MS_MAX;
    for (;;) {
      try {
        if (server) return (await connection.db.query<Record<string, unknown>>(text, values)).rows;
      } catch (error) {
        if (server && performance.now() > deadline) throw error;
      }
      await pause(ASK_AGAIN_MS);
    }
  }
  async function killOnce(): Promise<void> {
    const victim = server;
    server = undefined;
    connection.release();
    if (victim) await killAll(victim);
    const started = await stage.startServer();
    connection = await connect(stage);
    server = started;
  }
  function killOften(times: number): () => Promise<number> {
    let isOver = false;
    const killing = (async () => {
      let kills = 0;
      for (; kills < times; kills += 1) {
        for (let waited = 0; waited < LOAD_MS && !isOver; waited += ASK_AGAIN_MS) await pause(ASK_AGAIN_MS);
        if (isOver) return kills;
        await killOnce();
      }
      return kills;
    })();
    return () => {
      isOver = true;
      return killing;
    };
  }
  return {
    port: () => server?.port,
    query,
    killOften,
    stop: async () => {
      connection.release();
      await server?.stop();
    },
  };
}

/** A connection that lasts until it is released or the database is killed. */
function connect(stage: Stage): Promise<{ db: pg.Client; release(): void }> {
  return new Promise((resolve, reject) => {
    const hold = (db: pg.Client) => new Promise<void>((release) => resolve({ db, release }));
    stage.withDatabase(hold).catch(reject);
  });
}

/** What the API answers; asked again while no server lives, and where it cannot answer now. */
async function askUntilAnswered(
  house: House,
  { method, path, body }: { method: string; path: string; body: unknown },
): ReturnType<Play['ask']> {
  const isFeedback = path.startsWith('/feedback');
  const deadline = performance.now() + ANSWER_MS_MAX;
  for (;;) {
    const answer = await fetchFrom(house, path, {
      method,
      headers: {
        'Content-Type': 'application/json',
        ...(isFeedback ? {} : { Authorization: buildAuthorization(API_KEY) }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (answer !== 'refused' && answer !== 'lost' && answer.status !== 503 && answer.status !== 429) return answer;
    if (performance.now() > deadline) throw new Error(`${method} ${path} was not answered`);
    await pause(ASK_AGAIN_MS);
  }
}

/** `refused`: nothing was sent. `lost`: the answer did not come. */
async function fetchFrom(
  house: House,
  path: string,
  init: RequestInit,
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
): Promise<{ status: number; body: any } | 'refused' | 'lost'> {
  const port = house.port();
  if (port === undefined) return 'refused';
  try {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
    const text = await response.text();
    return { status: response.status, body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text };
  } catch (error) {
    const cause = error instanceof Error ? (error.cause as { code?: string } | undefined) : undefined; // as undici says it
    return cause?.code === 'ECONNREFUSED' ? 'refused' : 'lost';
  }
}

/** Every sender sends its lead once; one whose answer is lost does not know what became of it. */
async function submitAll(house: House, { on, notes }: { on: Play; notes: Notes }): Promise<void> {
  await forEach([...on.histories.keys()], (lead) => submitOne(house, { on, notes, lead }), SENDERS);
}

async function submitOne(house: House, { on, notes, lead }: { on: Play; notes: Notes; lead: number }): Promise<void> {
  const { flow, source } = on.histories[lead] as History; // leads are numbered by their place
  const { id, sourceIds } = on.flows[flow] ?? { id: '', sourceIds: [] };
  const init = {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(valuesOf(on.histories, lead)),
  };
  for (;;) {
    const answer = await fetchFrom(house, `/flows/${id}/sources/${sourceIds[source]}/submit`, init);
    // 503: nothing of it was sent, so it is submitted again.
    if (answer === 'refused' || (answer !== 'lost' && answer.status === 503)) {
      await pause(ASK_AGAIN_MS);
      continue;
    }
    if (answer !== 'lost' && answer.status === 201) {
      const { lead: taken, outcome, price } = answer.body;
      notes.told.set(lead, { leadId: taken.id, outcome, price: price ?? 0 });
    }
    return;
  }
}

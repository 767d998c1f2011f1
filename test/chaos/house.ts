import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type pg from 'pg';
import { treePids } from '../../bench/cpu.ts';
import { API_KEY, type ServerProcess } from '../../bench/sluice-server.ts';
import { buildAuthorization } from '../../client/src/authorization.ts';
import type { PeerAnswer, PeerRequest } from '../money/peers.ts';
import type { Play } from '../money/play.ts';
import { killAll, pause, type Stage, signal } from './stage.ts';

/**
 * What a kill ends: the servers with their PostgreSQL; it alone, under two servers; or the second of two servers.
 */
export const KILLS = ['all', 'database', 'second'] as const;
export type Kill = (typeof KILLS)[number];

/** When the next kill comes: after so long, or once its share of the leads was answered, so that a fast machine meets all of them. */
export interface Pace {
  loadMs: number;
  /** The share of leads that have been answered, from 0 to 1. */
  share(): number;
}

/** Servers and their database, which are killed and started again. */
export interface House {
  /** Of a server that lives, of two in turn; undefined: none does. */
  port(): number | undefined;
  query: Play['query'];
  /** Calls `look` with the connection that `query` uses, when nothing is killed any more. */
  withClient<T>(look: (db: pg.Client) => Promise<T>): Promise<T>;
  /** Kills and starts again in this order, with load in between; the answer ends that and says how many kills there were. */
  killOften(kills: readonly Kill[], pace: Pace): () => Promise<number>;
  stop(): Promise<void>;
}

/** A server that starts again recovers what its predecessor left. */
const ANSWER_MS_MAX = 120_000;
export const ASK_AGAIN_MS = 200;

/** The peers live in this process, which is never killed. */
export async function servePeers(peers: {
  answer(request: PeerRequest): PeerAnswer;
}): Promise<{ url: string; close(): void }> {
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

export async function openHouse(stage: Stage): Promise<House> {
  let server: ServerProcess | undefined = await stage.startServer();
  let second: ServerProcess | undefined;
  let connection = await connect(stage);
  let turn = 0;

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

  async function killServers(): Promise<void> {
    const victims = [second, server].filter((each) => each !== undefined);
    server = undefined;
    second = undefined;
    connection.release();
    for (const victim of victims) await killAll(victim);
    const started = await stage.startServer();
    connection = await connect(stage);
    server = started;
  }

  async function killDatabase(): Promise<void> {
    if (!server) return;
    const pids = treePids(server.postmasterPid());
    connection.release();
    for (const pid of pids) signal(pid, 'SIGKILL');
    await untilReady(server);
    connection = await connect(stage);
  }

  async function killSecond(): Promise<void> {
    const victim = second;
    second = undefined;
    if (victim) await killAll(victim);
  }

  const acts: Record<Kill, () => Promise<void>> = { all: killServers, database: killDatabase, second: killSecond };

  function killOften(kills: readonly Kill[], { loadMs, share }: Pace): () => Promise<number> {
    let isOver = false;
    const killing = (async () => {
      for (const [count, kill] of kills.entries()) {
        if (kill !== 'all') second ??= await stage.startServer();
        const isDue = () => isOver || share() >= (count + 1) / (kills.length + 1);
        for (let waited = 0; waited < loadMs && !isDue(); waited += ASK_AGAIN_MS) await pause(ASK_AGAIN_MS);
        if (isOver) return count;
        await acts[kill]();
      }
      return kills.length;
    })();
    return () => {
      isOver = true;
      return killing;
    };
  }

  return {
    port: () => {
      const alive = [server, second].filter((each) => each !== undefined);
      turn += 1;
      return alive[turn % alive.length]?.port;
    },
    query,
    withClient: (look) => look(connection.db),
    killOften,
    stop: async () => {
      connection.release();
      await second?.stop();
      await server?.stop();
    },
  };
}

async function untilReady({ port }: ServerProcess): Promise<void> {
  const deadline = performance.now() + ANSWER_MS_MAX;
  for (;;) {
    const status = await fetch(`http://127.0.0.1:${port}/readyz`).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return;
    if (performance.now() > deadline) throw new Error('the server did not get its database back');
    await pause(ASK_AGAIN_MS);
  }
}

/** A connection that lasts until it is released or the database is killed. */
function connect(stage: Stage): Promise<{ db: pg.Client; release(): void }> {
  return new Promise((resolve, reject) => {
    const hold = (db: pg.Client) => new Promise<void>((release) => resolve({ db, release }));
    stage.withDatabase(hold).catch(reject);
  });
}

/** What the API answers; asked again while no server lives, and where it cannot answer now. */
export async function askUntilAnswered(
  house: Pick<House, 'port'>,
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
export async function fetchFrom(
  house: Pick<House, 'port'>,
  path: string,
  init: RequestInit,
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
): Promise<{ status: number; headers: Headers; body: any } | 'refused' | 'lost'> {
  const port = house.port();
  if (port === undefined) return 'refused';
  try {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
    const text = await response.text();
    const { status, headers } = response;
    return { status, headers, body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text };
  } catch (error) {
    const cause = error instanceof Error ? (error.cause as { code?: string } | undefined) : undefined; // as undici says it
    return cause?.code === 'ECONNREFUSED' ? 'refused' : 'lost';
  }
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deployFlow, submitPath } from './flow-api.ts';
import { sendPaced } from './paced-senders.ts';
import { forkScript } from './processes.ts';
import type { readerHandlers } from './reader.ts';
import type { ReadingRequest } from './reading-requests.ts';
import type { ReadingStage } from './reading-stage.ts';
import { percentile } from './statistics.ts';
import { deliveryStep, flowWith, SOURCE_ENTITY_ID } from './workloads.ts';

/** What senders feel of readers: submissions at the same pace without readers and beside them. */
export interface IntakeFigures {
  leadsPerSecond: number;
  /** Of the leads of all windows together: single windows differ by what the disk does meanwhile. */
  alone: Latency;
  besideReaders: Latency;
  p99Ratio: number;
  /** Answered while leads came in. */
  reads: number;
}

interface Latency {
  p50Ms: number;
  p99Ms: number;
}

/** About half of what a server with its database, recipient and senders can do on two cores. */
const LEADS_PER_SECOND = 300;
const READERS = 2;
const WINDOW_PAIRS = 5;
const WARM_WINDOWS = 5;

/** Windows with and without readers, by turns. */
export async function measureIntakeBesideReaders(
  { server }: ReadingStage,
  { requests, seconds }: { requests: readonly ReadingRequest[]; seconds: number },
): Promise<IntakeFigures> {
  const recipient = createServer((req, res) => {
    req
      .resume()
      .on('end', () => res.writeHead(200, { 'Content-Type': 'application/json' }).end('{"outcome":"success"}'));
  });
  await new Promise<void>((resolve) => recipient.listen(0, '127.0.0.1', resolve));
  const { port } = recipient.address() as AddressInfo; // a TCP server has a port
  const readers = Array.from({ length: READERS }, () =>
    forkScript<typeof readerHandlers>(new URL('./reader.ts', import.meta.url)),
  );
  try {
    const flow = flowWith([deliveryStep({ url: `http://127.0.0.1:${port}/` })]);
    const path = submitPath(await deployFlow(server, flow), SOURCE_ENTITY_ID);
    const send = () => submit({ port: server.port, path, seconds });
    // After a start PostgreSQL logs each page of an index whole where it is first changed, tens of MB a second: not what lasts.
    for (let window = 0; window < WARM_WINDOWS; window += 1) await send();
    const alone: number[] = [];
    const beside: number[] = [];
    let reads = 0;
    for (let pair = 0; pair < WINDOW_PAIRS; pair += 1) {
      alone.push(...(await send()));
      for (const [index, reader] of readers.entries())
        await reader.ask('start', {
          server: { port: server.port, apiKey: server.apiKey },
          requests,
          from: Math.floor((requests.length * index) / READERS),
        });
      beside.push(...(await send()));
      for (const reader of readers) reads += await reader.ask('stop', null);
    }
    return {
      leadsPerSecond: LEADS_PER_SECOND,
      alone: latencyOf(alone),
      besideReaders: latencyOf(beside),
      p99Ratio: percentile(beside, 0.99) / percentile(alone, 0.99),
      reads,
    };
  } finally {
    await Promise.all(readers.map((reader) => reader.stop()));
    recipient.close();
    recipient.closeAllConnections();
  }
}

function latencyOf(ms: readonly number[]): Latency {
  return { p50Ms: percentile(ms, 0.5), p99Ms: percentile(ms, 0.99) };
}

let persons = 0;

async function submit({ port, path, seconds }: { port: number; path: string; seconds: number }): Promise<number[]> {
  const first = persons;
  const sent = await sendPaced({
    ...{ port, path, seconds, leadsPerSecond: LEADS_PER_SECOND },
    valuesOf: (index) => ({
      first_name: 'Ann',
      last_name: 'Alder',
      email: `reader${first + index}@example.com`,
      state: 'TX',
    }),
  });
  persons += sent.length;
  const failed = sent.filter(({ outcome }) => outcome !== 'success').length;
  if (failed > 0) throw new Error(`${failed} of ${sent.length} submissions failed`);
  return sent.map(({ ms }) => ms);
}

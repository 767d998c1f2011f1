import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deployFlow, submitPath } from './flow-api.ts';
import { sendPaced } from './paced-senders.ts';
import type { ReadingRequest } from './reading-requests.ts';
import { type ReadingStage, read } from './reading-stage.ts';
import { median, percentile } from './statistics.ts';
import { deliveryStep, flowWith, SOURCE_ENTITY_ID } from './workloads.ts';

/** What senders feel of readers: submissions at the same pace without readers and beside them. */
export interface IntakeFigures {
  leadsPerSecond: number;
  p99Ms: { alone: number; besideReaders: number };
  /** Of windows that follow each other, in the middle. */
  p99Ratio: number;
  /** Answered while leads came in. */
  reads: number;
}

/** About half of what a server with its database, recipient and senders can do on two cores. */
const LEADS_PER_SECOND = 300;
const READERS = 2;
const WINDOW_PAIRS = 3;

/** Windows with and without readers, by turns. */
export async function measureIntakeBesideReaders(
  stage: ReadingStage,
  { requests, seconds }: { requests: readonly ReadingRequest[]; seconds: number },
): Promise<IntakeFigures> {
  const recipient = createServer((req, res) => {
    req
      .resume()
      .on('end', () => res.writeHead(200, { 'Content-Type': 'application/json' }).end('{"outcome":"success"}'));
  });
  await new Promise<void>((resolve) => recipient.listen(0, '127.0.0.1', resolve));
  const { port } = recipient.address() as AddressInfo; // a TCP server has a port
  try {
    const flow = flowWith([deliveryStep({ url: `http://127.0.0.1:${port}/` })]);
    const path = submitPath(await deployFlow(stage.server, flow), SOURCE_ENTITY_ID);
    const send = async () => percentile(await submit({ port: stage.server.port, path, seconds }), 0.99);
    await send();
    const pairs: { alone: number; beside: number }[] = [];
    let reads = 0;
    for (let pair = 0; pair < WINDOW_PAIRS; pair += 1) {
      const alone = await send();
      const over = new AbortController();
      const reading = Promise.all(
        Array.from({ length: READERS }, (_, reader) =>
          readOn(stage, { requests, from: Math.floor((requests.length * reader) / READERS), over: over.signal }),
        ),
      );
      const beside = await send();
      over.abort();
      reads += (await reading).reduce((sum, count) => sum + count, 0);
      pairs.push({ alone, beside });
    }
    return {
      leadsPerSecond: LEADS_PER_SECOND,
      p99Ms: {
        alone: median(pairs.map((each) => each.alone)),
        besideReaders: median(pairs.map((each) => each.beside)),
      },
      p99Ratio: median(pairs.map(({ alone, beside }) => beside / alone)),
      reads,
    };
  } finally {
    recipient.close();
    recipient.closeAllConnections();
  }
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

/** One request after the other until it is over; how many were answered. */
async function readOn(
  { server }: ReadingStage,
  { requests, from, over }: { requests: readonly ReadingRequest[]; from: number; over: AbortSignal },
): Promise<number> {
  let count = 0;
  while (!over.aborted) {
    const request = requests[(from + count) % requests.length];
    if (!request) break;
    await read(server, request);
    count += 1;
  }
  return count;
}

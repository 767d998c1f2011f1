import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Candidate } from '../src/model/flow.ts';
import { deployFlow, submitPath } from './flow-api.ts';
import type { Floor } from './intake-floors.ts';
import { printFloors } from './intake-table.ts';
import { sendPaced } from './paced-senders.ts';
import { forkScript } from './processes.ts';
import { startSluice } from './sluice-server.ts';
import { percentile } from './statistics.ts';
import { type Arrival, bidAt, type watchedRecipientHandlers } from './watched-recipients.ts';
import { deliveryStep, flowWith, SOURCE_ENTITY_ID } from './workloads.ts';

export interface AuctionOptions {
  seconds: number;
}

const BIDDERS = 20;
const HUNG = [3, 9, 15];
const BUDGET_MS = 300;
const ANSWER_MS_MAX = 320;
const AUCTIONS_PER_SECOND = 20;
const TIMER_RESOLUTION_MS = 5;
/** The timer of the budget and the arrival of the answer may each be as late as a timer of this process is. */
const TIMERS_OF_AN_ANSWER = 2;
/** The first auctions open connections and compile code. */
const WARM_UP_SECONDS = 3;

/**
 * Auctions of 20 bidders, three of which never answer, with 300 ms for all bids: how long senders wait, whether the highest
 * bid got each lead, and whether a buyer got a request after the sender was answered. Prints it, and returns whether it
 * is as it must be.
 */
export async function measureAuctions({ seconds }: AuctionOptions): Promise<boolean> {
  const home = mkdtempSync(join(tmpdir(), 'sluice-auction-'));
  // The embedded server of a bench run by root runs as another user, who must be able to enter.
  chmodSync(home, 0o755);
  const buyers = forkScript<typeof watchedRecipientHandlers>(new URL('./watched-recipients.ts', import.meta.url));
  const server = await startSluice({ dataDir: join(home, 'data'), logPath: join(home, 'server.log') });
  try {
    const ports = await buyers.ask('listen', { count: BIDDERS });
    await buyers.ask('hang', { places: HUNG });
    const flowId = await deployFlow(server, {
      ...flowWith([]),
      steps: [
        {
          type: 'distribution',
          method: 'highest_bid',
          bid_timeout_ms: BUDGET_MS,
          recipients: ports.map((port, place) => bidderAt(place, `http://127.0.0.1:${port}`)),
        },
      ],
    });
    const send = (from: number, forSeconds: number) =>
      sendPaced({
        port: server.port,
        path: submitPath(flowId, SOURCE_ENTITY_ID),
        leadsPerSecond: AUCTIONS_PER_SECOND,
        seconds: forSeconds,
        valuesOf: (index) => ({ first_name: 'Ada', email: `ada.${from + index}@example.com` }),
      });
    const warmed = await send(0, WARM_UP_SECONDS);
    await buyers.ask('takeArrivals', null);
    const timers = monitorEventLoopDelay({ resolution: TIMER_RESOLUTION_MS });
    timers.enable();
    const sent = await send(warmed.length, seconds);
    timers.disable();
    const timerLateMs = Math.max(0, timers.percentile(99) / 1e6 - TIMER_RESOLUTION_MS);
    const arrivals = await buyers.ask('takeArrivals', null);
    const answeredAt = new Map(sent.map((lead) => [lead.leadId, lead.answeredAt]));
    const late = arrivals.filter(({ leadId, at }) => at > (answeredAt.get(leadId) ?? Number.POSITIVE_INFINITY));
    const sales = arrivals.filter(({ isBid }) => !isBid);
    const ms = sent.map((lead) => lead.ms);
    console.log(
      `${sent.length} auctions, ${arrivals.length - sales.length} bids asked for, ${sales.length} sales; p50 ${percentile(ms, 0.5).toFixed(0)} ms, p99 ${percentile(ms, 0.99).toFixed(0)} ms, most ${Math.max(...ms).toFixed(0)} ms; a timer of this process was up to ${timerLateMs.toFixed(0)} ms late`,
    );
    const floors: Floor[] = [
      atMost(
        'answer of an auction with 300 ms for bids, p99, ms',
        ANSWER_MS_MAX + TIMERS_OF_AN_ANSWER * timerLateMs,
        percentile(ms, 0.99),
      ),
      atMost('leads not sold, or to two buyers', 0, Math.abs(sent.length - sales.length)),
      atMost('leads not sold to the highest bid', 0, sales.filter(isOutbid).length),
      atMost('requests that reached a buyer after the answer', 0, late.length),
    ];
    printFloors(floors);
    return floors.every((floor) => floor.holds);
  } finally {
    await server.stop();
    await buyers.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

function bidderAt(place: number, url: string): Candidate {
  const { type: _type, id: _id, ...delivery } = deliveryStep({ url: `${url}/deliver/{{lead.id}}` });
  const properties = {
    url: `${url}/bid/{{lead.id}}`,
    outcome_search_path: 'outcome',
    outcome_search_term: 'success',
    price_path: 'price',
  };
  const mappings = Object.entries(properties).map(([property, value]) => ({ property, value }));
  const bid = { module_id: 'leadconduit-custom.outbound.json', mappings };
  return { ...delivery, key: `bidder_${place}`, entity: { name: `Bidder ${place}` }, bid };
}

/** Did a buyer that answers bid more? */
function isOutbid({ place, leadId }: Arrival): boolean {
  return Array.from({ length: BIDDERS }, (_, other) => other).some(
    (other) => !HUNG.includes(other) && bidAt(other, leadId) > bidAt(place, leadId),
  );
}

function atMost(name: string, bound: number, measured: number): Floor {
  return { name, kind: 'at-most', bound, measured, holds: measured <= bound };
}

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { deployFlow, submitPath } from './flow-api.ts';
import type { Floor } from './intake-floors.ts';
import { printFloors } from './intake-table.ts';
import { sendPaced } from './paced-senders.ts';
import { forkScript } from './processes.ts';
import { startSluice } from './sluice-server.ts';
import { percentile } from './statistics.ts';
import type { watchedRecipientHandlers } from './watched-recipients.ts';
import { deliveryStep, flowWith, SOURCE_ENTITY_ID } from './workloads.ts';

export interface DeadlineOptions {
  seconds: number;
}

const DEADLINE_SECONDS = 1.5;
const ANSWER_MS_MAX = 1_550;
const TIMER_RESOLUTION_MS = 5;
/** The server's timer and the answer's arrival may each be as late as a timer of this process is on this machine. */
const TIMERS_OF_AN_ANSWER = 2;
const LEADS_PER_SECOND = 20;
/** Leads whose commit a busy disk keeps beyond the reserve are answered 503, as designed; this share is noise. */
const NOT_COMMITTED_SHARE_MAX = 0.1;
const RECIPIENTS = 5;
/** Each lead passes a recipient that answers, and then one that does not. */
const HUNG = [1, 2, 4];

/**
 * A source with a deadline of 1.5 s in front of five recipients, three of which never answer: how long senders wait,
 * and whether anything reached a recipient after its sender was answered. Prints both, and answers whether they hold.
 */
export async function measureDeadline({ seconds }: DeadlineOptions): Promise<boolean> {
  const home = mkdtempSync(join(tmpdir(), 'sluice-deadline-'));
  // The embedded server of a bench run by root runs as another user, who must be able to enter.
  chmodSync(home, 0o755);
  const recipients = forkScript<typeof watchedRecipientHandlers>(new URL('./watched-recipients.ts', import.meta.url));
  const server = await startSluice({ dataDir: join(home, 'data'), logPath: join(home, 'server.log') });
  try {
    const ports = await recipients.ask('listen', { count: RECIPIENTS });
    await recipients.ask('hang', { places: HUNG });
    const flow = flowWith(ports.map((port) => deliveryStep({ url: `http://127.0.0.1:${port}/deliver/{{lead.id}}` })));
    flow.steps.forEach((step, index) => {
      if (step.type === 'recipient') step.entity = { name: `Buyer ${index}` };
    });
    const sources = flow.sources.map((source) => ({ ...source, deadline_seconds: DEADLINE_SECONDS }));
    const flowId = await deployFlow(server, { ...flow, sources });
    const timers = monitorEventLoopDelay({ resolution: TIMER_RESOLUTION_MS });
    timers.enable();
    const sent = await sendPaced({
      port: server.port,
      path: submitPath(flowId, SOURCE_ENTITY_ID),
      leadsPerSecond: LEADS_PER_SECOND,
      seconds,
      valuesOf: (index) => ({ first_name: 'Ada', email: `ada.${index}@example.com` }),
    });
    timers.disable();
    const timerLateMs = Math.max(0, timers.percentile(99) / 1e6 - TIMER_RESOLUTION_MS);
    const arrivals = await recipients.ask('takeArrivals', null);
    // A 503 names no lead, so what arrived for it cannot be compared with its answer.
    const answeredAt = new Map(sent.map((lead) => [lead.leadId, lead.answeredAt]));
    const late = arrivals.filter(({ leadId, at }) => at > (answeredAt.get(leadId) ?? Number.POSITIVE_INFINITY));
    const uncommitted = sent.filter(({ status }) => status === 503).length;
    const others = sent.filter(({ status }) => status !== 201 && status !== 503).length;
    const ms = sent.map((lead) => lead.ms);
    const floors: Floor[] = [
      atMost(
        'answer of a source with 1.5 s, p99, ms',
        ANSWER_MS_MAX + TIMERS_OF_AN_ANSWER * timerLateMs,
        percentile(ms, 0.99),
      ),
      atMost('requests that reached a recipient after the answer', 0, late.length),
      atMost('leads not committed in time, of all', NOT_COMMITTED_SHARE_MAX, uncommitted / sent.length),
      atMost('leads answered with anything else than 201', 0, others),
    ];
    console.log(
      `${sent.length} leads, ${arrivals.length} deliveries; p50 ${percentile(ms, 0.5).toFixed(0)} ms, most ${Math.max(...ms).toFixed(0)} ms`,
    );
    printFloors(floors);
    return floors.every((floor) => floor.holds) && arrivals.length >= sent.length;
  } finally {
    await server.stop();
    await recipients.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

function atMost(name: string, bound: number, measured: number): Floor {
  return { name, kind: 'at-most', bound, measured, holds: measured <= bound };
}

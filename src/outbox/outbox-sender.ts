import { buildEvent } from '../events/build-event.ts';
import type { EventOfLead } from '../events/event-store.ts';
import type { FindRevision } from '../events/revisions.ts';
import type { Clock } from '../lib/clock.ts';
import type { Result } from '../lib/result.ts';
import { stringifyOrdered } from '../lib/stringify-ordered.ts';
import type { Channel, OutboxRow, SendFault } from './channel.ts';
import type { OutboxPlace, OutboxStore } from './outbox-store.ts';
import { type PageSent, type Sink, sendEvents } from './send-events.ts';

/** How often a process looks for channels that have something due. */
export const LOOK_EVERY_MS = 500;
/** Channels that one process sends for beside each other; further ones have their turn when one of them ends. */
const CHANNELS_MAX = 8;
/** Events of one channel that are under way at once. */
const SENDS_MAX = 64;
/** Rows of the outbox that are read together, and the next ones while they are sent. */
const PAGE_ROWS_MAX = 128;
const PAGE_ROWS_MIN = 8;
/** Characters of the leads of a page; the next page is smaller when they are more. */
const PAGE_CHARACTERS = 1024 * 1024;
/** A channel gives way to others after so long, even when it has more. */
const TURN_MS = 20_000;
/** A lease ends by itself after so long; that of a process that is gone ends with the process. */
const LEASE_MS = 90_000;
/** An event is begun only while the lease lasts longer than sending takes: another process must not overtake it. */
const LEASE_LEFT_MS_MIN = 45_000;
/** A store that fails is tried again soon, so that what it missed is there soon after it works again. */
const PAUSE_MS_MIN = 1_000;
const PAUSE_MS_MAX = 15_000;
/** Times that an event is tried which is refused for what it is; then it is set aside. */
const REFUSALS_MAX = 5;
const REFUSED_PAUSE_MS_MIN = 30_000;
const REFUSED_PAUSE_MS_MAX = 3_600_000;
/** What waits in a channel that is switched off is dropped when the channel has failed for so long. */
const DROPPED_AFTER_MS = 7 * 86_400_000;

export interface OutboxSenderDeps {
  store: OutboxStore;
  /** Where a channel sends to now, or why it cannot send. */
  openSink(channel: Channel): Promise<Result<Sink, SendFault>>;
  findRevision: FindRevision;
  clock: Clock;
  /** Is there any channel at all? */
  hasChannels(): boolean;
  /** Counts what arrived and what did not. */
  recordSent(sent: { service: string; outcome: 'delivered' | 'refused' | 'failed'; events: number }): void;
  /** For the log: a channel has begun to fail, or works again. */
  onChange(change: { channel: Channel; fault: SendFault | null }): void;
  report(error: unknown, channel: Channel | null): void;
}

/** Sends what waits in the outbox, each channel at its own pace. */
export interface OutboxSender {
  /** Begins to send for channels that have something due; returns how many. */
  look(): Promise<number>;
  /** Ends what is under way, and gives the channels back. */
  stop(): Promise<void>;
}

export function createOutboxSender(deps: OutboxSenderDeps): OutboxSender {
  const { store, clock, hasChannels, report } = deps;
  const running = new Map<string, Promise<void>>();
  let isStopping = false;

  async function run(channel: Channel, leasedUntil: number): Promise<void> {
    try {
      await sendChannel(deps, { channel, leasedUntil, isStopping: () => isStopping });
    } catch (error) {
      report(error, channel);
    }
    await store.release(channel).catch((error: unknown) => report(error, channel));
  }

  return {
    look: async () => {
      const limit = CHANNELS_MAX - running.size;
      if (isStopping || limit <= 0 || !hasChannels()) return 0;
      const now = clock.now();
      const leasedUntil = now + LEASE_MS;
      const taken = await store.takeChannels({ now, leasedUntil, limit, besides: [...running.keys()] });
      for (const channel of taken) {
        const key = `${channel.accountId}/${channel.id}`;
        running.set(
          key,
          run(channel, leasedUntil).finally(() => running.delete(key)),
        );
      }
      return taken.length;
    },
    stop: async () => {
      isStopping = true;
      await Promise.all(running.values());
    },
  };
}

interface Turn {
  channel: Channel;
  leasedUntil: number;
  isStopping(): boolean;
}

/** One turn of a channel: page by page, until nothing is due, the channel fails, or others wait. */
async function sendChannel(deps: OutboxSenderDeps, turn: Turn): Promise<void> {
  const { store, clock } = deps;
  const { channel } = turn;
  const opened = await deps.openSink(channel);
  if (!opened.ok) return noteFault(deps, channel, opened.error);
  const sink = opened.value;
  const endsAt = clock.now() + TURN_MS;
  let { leasedUntil } = turn;
  let limit = PAGE_ROWS_MAX;
  // What failed is tried with one event, and with all once that has arrived.
  let atOnceMax = channel.attempts > 0 ? 1 : SENDS_MAX;
  let next = readPage(deps, channel, { after: null, limit: atOnceMax === 1 ? PAGE_ROWS_MIN : limit });
  while (true) {
    const page = await next;
    const last = page.rows.at(-1);
    if (!last || turn.isStopping() || clock.now() > endsAt) return;
    limit = chooseLimit(page, limit);
    next = readPage(deps, channel, { after: last, limit });
    // It is awaited later, and may have failed by then.
    next.catch(() => undefined);
    const mayGoOn = () => !turn.isStopping() && leasedUntil - clock.now() > LEASE_LEFT_MS_MIN;
    const write = (event: EventOfLead) => writeEvent(deps, event);
    const sent = await sendEvents({ ...page, sink, write, atOnceMax, mayGoOn });
    await endPage(deps, channel, sent);
    if (sent.fault !== null) return noteFault(deps, channel, sent.fault);
    if (channel.attempts > 0 && sent.events > 0) {
      channel.attempts = 0;
      deps.onChange({ channel, fault: null });
    }
    // Events that are not sent at all say nothing of a channel that fails.
    if (channel.attempts === 0) atOnceMax = SENDS_MAX;
    leasedUntil = clock.now() + LEASE_MS;
    if (!(await store.renewLease(channel, leasedUntil))) return;
  }
}

interface Page {
  rows: OutboxRow[];
  events: EventOfLead[];
}

async function readPage(
  { store, clock }: OutboxSenderDeps,
  channel: Channel,
  { after, limit }: { after: OutboxPlace | null; limit: number },
): Promise<Page> {
  const rows = await store.readPage(channel, { after, now: clock.now(), limit });
  return { rows, events: rows.length === 0 ? [] : await store.readEvents(channel.accountId, rows) };
}

/** Fewer rows after leads that were large, more after small ones. */
function chooseLimit({ events }: Page, limit: number): number {
  const leads = new Map(events.map(({ lead }) => [lead.id, lead.documentCharacters]));
  const characters = [...leads.values()].reduce((sum, each) => sum + each, 0);
  const chosen = characters > PAGE_CHARACTERS ? limit / 2 : limit * 2;
  return Math.min(PAGE_ROWS_MAX, Math.max(PAGE_ROWS_MIN, Math.floor(chosen)));
}

/**
 * As `GET /events/{id}` returns it. Its members are in the order of their names: a document that was saved here has them as
 * its author wrote them, and the same one read from the database as the database keeps them.
 */
async function writeEvent({ findRevision }: OutboxSenderDeps, { lead, event }: EventOfLead): Promise<string> {
  return stringifyOrdered(buildEvent({ lead, flow: await findRevision(lead) }, event));
}

async function endPage(deps: OutboxSenderDeps, channel: Channel, sent: PageSent): Promise<void> {
  const { store, clock, recordSent } = deps;
  const { delivered, events, held } = sent;
  const now = clock.now();
  const refused = sent.refused.map(({ row, fault }) => ({
    row,
    reason: fault.reason,
    nextAttemptAt: row.attempts + 1 >= REFUSALS_MAX ? null : now + pauseAfterRefusal(row.attempts),
  }));
  const behind = held.map((row) => ({ row, reason: BEHIND, nextAttemptAt: null }));
  if (delivered.length + refused.length + behind.length > 0) {
    await store.endPage(channel, { delivered, events, refused: [...refused, ...behind], now });
  }
  if (events > 0) recordSent({ service: channel.service, outcome: 'delivered', events });
  if (refused.length > 0) recordSent({ service: channel.service, outcome: 'refused', events: refused.length });
}

const BEHIND = 'An earlier event of the lead was set aside';

function pauseAfterRefusal(attempts: number): number {
  return Math.min(REFUSED_PAUSE_MS_MIN * 4 ** attempts, REFUSED_PAUSE_MS_MAX);
}

async function noteFault(deps: OutboxSenderDeps, channel: Channel, fault: SendFault): Promise<void> {
  const { store, clock, recordSent, onChange } = deps;
  const now = clock.now();
  recordSent({ service: channel.service, outcome: 'failed', events: 1 });
  if (channel.attempts === 0) onChange({ channel, fault });
  const pause = Math.min(PAUSE_MS_MIN * 2 ** channel.attempts, PAUSE_MS_MAX);
  await store.noteFault(channel, { ...fault, now, nextAttemptAt: now + pause });
  if (fault.kind === 'gone') return store.disable(channel, { reason: fault.reason, now });
  const { isActive, failingSince } = channel;
  if (!isActive && failingSince !== null && now - failingSince > DROPPED_AFTER_MS) await store.dropWaiting(channel);
}

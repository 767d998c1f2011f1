import type { ServerResponse } from 'node:http';
import type { LeadEvent } from '../../events/build-event.ts';
import type { Heard } from '../../events/event-feed.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Selection } from '../selection.ts';

/** A position at least this often, so that proxies keep the connection. */
const HEARTBEAT_MS = 15_000;
/** A stream ends by then; browsers connect again by themselves, and a key that was revoked does not. */
const STREAM_MS_MAX = 600_000;
/** What waits for a slow reader; what comes while more waits is left out. */
const WAITING_BYTES_MAX = 1024 * 1024;
/** A reader that takes nothing for so long is let go. */
const STUCK_MS_MAX = 30_000;
/** How long browsers wait before they connect again. */
const RECONNECT_MS = 2_000;

export interface EventStreamDeps {
  res: ServerResponse;
  clock: Clock;
  select: Selection;
  /** Called when it has ended, by the client or by the server. */
  onEnd(): void;
}

export interface EventStream {
  /** What came before the stream: sent at once, and not again when it is heard. */
  resume(past: { events: readonly LeadEvent[]; isCut: boolean }): void;
  hear(heard: Heard): void;
  end(): void;
}

/**
 * New events as server-sent events. The `id` of a message is the position to go on from: that of the look before, until the
 * last message of a look, so that a connection that breaks between loses none.
 */
export function openEventStream({ res, clock, select, onEnd }: EventStreamDeps): EventStream {
  const startedAt = clock.monotonic();
  const sentBefore = new Set<unknown>();
  /** '' until the first look: then what is new is told from there on. */
  let position = '';
  let toldAt = startedAt;
  let takenAt = startedAt;
  let leftOut = 0;
  let isCut = false;
  let hasEnded = false;

  res.on('close', end);
  res.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    // Proxies of the nginx kind would collect what is written.
    'X-Accel-Buffering': 'no',
  });
  write(`retry: ${RECONNECT_MS}\n\n`);

  function end(): void {
    if (hasEnded) return;
    hasEnded = true;
    res.end();
    // What waits for a reader that takes nothing more is let go, too: it would stay for as long as the connection does.
    res.socket?.setTimeout(STUCK_MS_MAX, () => res.destroy());
    onEnd();
  }

  /** Nothing more can be sent to a reader that takes nothing, not even the end. */
  function letGo(): void {
    end();
    res.destroy();
  }

  function write(text: string): void {
    res.write(text);
    toldAt = clock.monotonic();
  }

  function idLine(id: string): string {
    return id === '' ? '' : `id: ${id}\n`;
  }

  function messageOf(event: LeadEvent, id: string): string {
    return `${idLine(id)}data: ${JSON.stringify(select(event))}\n\n`;
  }

  function reportLeftOut(): void {
    if (leftOut === 0 && !isCut) return;
    write(`event: sampled\ndata: ${JSON.stringify({ left_out: leftOut, at_least: isCut })}\n\n`);
    leftOut = 0;
    isCut = false;
  }

  /** May more be written? What is not is counted. */
  function isTaken(count: number): boolean {
    if (res.writableLength <= WAITING_BYTES_MAX) {
      takenAt = clock.monotonic();
      return true;
    }
    leftOut += count;
    if (clock.monotonic() - takenAt > STUCK_MS_MAX) letGo();
    return false;
  }

  return {
    resume(past) {
      for (const event of past.events) {
        sentBefore.add(event['id']);
        write(messageOf(event, ''));
      }
      isCut ||= past.isCut;
      reportLeftOut();
    },
    hear(heard) {
      if (hasEnded) return;
      if (clock.monotonic() - startedAt > STREAM_MS_MAX) return end();
      const events = heard.events.filter(({ id }) => !sentBefore.has(id));
      leftOut += heard.leftOut;
      isCut ||= heard.isCut;
      if (!isTaken(events.length)) return;
      for (const [index, { event }] of events.entries()) {
        write(messageOf(event, index === events.length - 1 ? heard.resumeId : position));
      }
      reportLeftOut();
      const isFirst = position === '';
      position = heard.resumeId;
      // So that a connection that breaks early can be gone on with.
      if (isFirst) write(`${idLine(position)}\n`);
      if (clock.monotonic() - toldAt >= HEARTBEAT_MS) write(`: goes on\n${idLine(position)}\n`);
    },
    end,
  };
}

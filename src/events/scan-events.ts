import type { Clock } from '../lib/clock.ts';
import type { EvaluationContext } from '../model/vars.ts';
import { buildEvent, type LeadEvent } from './build-event.ts';
import type { EventTest } from './compile-event-filter.ts';
import type { EventFilter, EventOfLead, EventStore, PageRequest } from './event-store.ts';
import type { FindRevision } from './revisions.ts';

export interface ScanDeps {
  events: EventStore;
  findRevision: FindRevision;
  clock: Clock;
}

export interface ScanRequest extends PageRequest<EventFilter> {
  /** Asked of each event that the store finds; undefined: none is left out. */
  test: EventTest | undefined;
  ctx: EvaluationContext;
}

export interface ScanResult {
  events: LeadEvent[];
  /** The last event that was looked at when a bound ended the search; null: the answer is complete. */
  truncatedAt: string | null;
}

/** Events read at once: a lead may hold some megabytes, so not more. */
const BATCH_EVENTS = 50;
/** What one question may cost; past any of these the caller goes on from `truncatedAt`. */
export const SCANNED_MAX = 10_000;
const SCAN_MS_MAX = 5_000;
const ANSWER_CHARACTERS_MAX = 64 * 1024 * 1024;

/** The events of a page that pass the test, read batch by batch until the page is full or a bound is met. */
export async function scanEvents(deps: ScanDeps, request: ScanRequest): Promise<ScanResult> {
  const startedAt = deps.clock.monotonic();
  const events: LeadEvent[] = [];
  let { range } = request;
  let characters = 0;
  for (let scanned = 0; ; ) {
    // Without a test each event read is one of the answer.
    const limit = request.test ? BATCH_EVENTS : Math.min(BATCH_EVENTS, request.limit - events.length);
    const batch = await deps.events.pageOfEvents({ ...request, range, limit });
    for (const found of batch) {
      const event = await buildIfWanted(deps, request, found);
      if (event === null) continue;
      characters += found.lead.documentCharacters;
      events.push(event);
      if (events.length === request.limit) return { events, truncatedAt: null };
      if (characters > ANSWER_CHARACTERS_MAX) return { events, truncatedAt: found.event.id };
    }
    const last = batch.at(-1);
    if (last === undefined || batch.length < limit) return { events, truncatedAt: null };
    scanned += batch.length;
    const isLate = deps.clock.monotonic() - startedAt > SCAN_MS_MAX;
    if (scanned >= SCANNED_MAX || isLate) return { events, truncatedAt: last.event.id };
    range = request.sort === 'asc' ? { ...range, after: last.event.id } : { ...range, before: last.event.id };
  }
}

async function buildIfWanted(deps: ScanDeps, request: ScanRequest, found: EventOfLead): Promise<LeadEvent | null> {
  const { lead } = found;
  const flow = await deps.findRevision(lead);
  const event = buildEvent({ lead, flow }, found.event);
  return request.test === undefined || request.test(event, request.ctx) ? event : null;
}

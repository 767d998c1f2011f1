import type { Clock } from '../lib/clock.ts';
import type { EvaluationContext } from '../model/vars.ts';
import { buildEvent, type LeadEvent } from './build-event.ts';
import type { EventRules } from './compile-event-filter.ts';
import type { EventFilter, EventRecord, EventStore, LeadRecord } from './event-store.ts';
import { matchesFilter } from './matches-filter.ts';
import { type NewEvent, type NewsPosition, type NewsStore, resumeIdOf } from './news-store.ts';
import type { FindRevision } from './revisions.ts';

export interface FeedDeps {
  news: NewsStore;
  events: Pick<EventStore, 'findLeads'>;
  findRevision: FindRevision;
  clock: Pick<Clock, 'now'>;
  startTimer(ms: number, onEnd: () => void): () => void;
}

/** Who hears of new events. */
export interface FeedListener {
  accountId: string;
  filter: EventFilter;
  asked: Pick<EventRules, 'test' | 'needsDocuments'>;
  /** Of the account. */
  timeZone: string;
  /** Are properties of its events made of the documents of leads? */
  withDocuments: boolean;
  /** Once a look, with nothing too. */
  receive(heard: Heard): void;
}

export interface Heard {
  /** In the order of their ids, but for those of slow leads, which come first. */
  events: { id: string; event: LeadEvent }[];
  /** Events that were left out because there were too many. */
  leftOut: number;
  /** More than these were left out. */
  isCut: boolean;
  /** Goes on from here without a gap. */
  resumeId: string;
}

export interface EventFeed {
  /** Returns how to stop listening. */
  listen(listener: FeedListener): Promise<() => void>;
}

/** How often the database is asked for new events of an account that somebody listens to. */
const LOOK_EVERY_MS = 1_000;
/** Events of a look that one listener gets; of more, as many in even steps. */
export const HEARD_MAX = 50;
/** Events of a look that rules are asked of, for one listener. */
const TESTED_MAX = 200;
/** Leads read at once: one may hold some megabytes. */
const LEADS_READ_MAX = 50;

const NOT_WAITING = () => {};

interface Followed {
  listeners: Set<FeedListener>;
  position: NewsPosition;
}

/** Follows new events for all listeners of a process: one look a second and account, and none while nobody listens. */
export function createEventFeed(deps: FeedDeps): EventFeed {
  const accounts = new Map<string, Followed>();
  let isLooking = false;
  let callOff = NOT_WAITING;

  function lookLater(): void {
    if (isLooking || accounts.size === 0) return;
    isLooking = true;
    callOff = deps.startTimer(LOOK_EVERY_MS, () => {
      callOff = NOT_WAITING;
      void lookAtAll();
    });
  }

  /** Nobody listens any more: a look that is under way is the last one. */
  function stopLooking(): void {
    if (callOff === NOT_WAITING) return;
    callOff();
    callOff = NOT_WAITING;
    isLooking = false;
  }

  async function lookAtAll(): Promise<void> {
    for (const [accountId, followed] of [...accounts]) {
      // A database that is away is asked again with the next look, which goes on where the last one ended.
      await lookAt(deps, { accountId, followed }).catch(() => undefined);
    }
    isLooking = false;
    lookLater();
  }

  return {
    async listen(listener) {
      const { accountId } = listener;
      const begun = accounts.has(accountId) ? undefined : await deps.news.begin(accountId);
      const known = accounts.get(accountId);
      const followed = known ?? { listeners: new Set(), position: begun ?? NOTHING };
      accounts.set(accountId, followed);
      followed.listeners.add(listener);
      lookLater();
      return () => {
        followed.listeners.delete(listener);
        if (followed.listeners.size > 0 || accounts.get(accountId) !== followed) return;
        accounts.delete(accountId);
        if (accounts.size === 0) stopLooking();
      };
    },
  };
}

/** Every account has a position from its first listener on. */
const NOTHING: NewsPosition = { floor: '', seen: new Set(), running: [] };

async function lookAt(
  deps: FeedDeps,
  { accountId, followed }: { accountId: string; followed: Followed },
): Promise<void> {
  const { events, isCut, position } = await deps.news.readNews(accountId, followed.position);
  followed.position = position;
  const resumeId = resumeIdOf(position);
  const leads = createLeads(deps, accountId);
  for (const listener of [...followed.listeners]) {
    const wanted = events.filter((event) => matchesFilter(event, listener.filter));
    const heard = await choose(deps, { listener, wanted, leads });
    if (followed.listeners.has(listener)) listener.receive({ ...heard, isCut, resumeId });
  }
}

async function choose(
  deps: FeedDeps,
  { listener, wanted, leads }: { listener: FeedListener; wanted: readonly NewEvent[]; leads: Leads },
): Promise<Pick<Heard, 'events' | 'leftOut'>> {
  const { asked, withDocuments, timeZone } = listener;
  const { test } = asked;
  const candidates = test ? takeEvenly(wanted, TESTED_MAX) : wanted;
  // A question must have the same answer twice, so nothing in it is random.
  const ctx: EvaluationContext = { now: deps.clock.now(), timeZone, random: () => 0 };
  const passed: EventRecord[] = [];
  if (test)
    await leads.read(
      candidates.map(({ record }) => record),
      asked.needsDocuments,
    );
  for (const { record } of candidates) {
    const event = test ? await leads.build(record, asked.needsDocuments) : undefined;
    if (!test || (event && test(event, ctx))) passed.push(record);
  }
  const taken = takeEvenly(passed, HEARD_MAX);
  await leads.read(taken, withDocuments);
  const events: Heard['events'] = [];
  for (const record of taken) {
    const event = await leads.build(record, withDocuments);
    if (event) events.push({ id: record.id, event });
  }
  return { events, leftOut: wanted.length - candidates.length + passed.length - taken.length };
}

/** At most so many, in even steps from the first to the last. */
export function takeEvenly<Entry>(entries: readonly Entry[], max: number): readonly Entry[] {
  if (entries.length <= max) return entries;
  const step = (entries.length - 1) / (max - 1);
  return Array.from({ length: max }, (_, index) => entries[Math.round(index * step)]).filter(
    (entry) => entry !== undefined,
  );
}

/** The leads of one look, each read once for all listeners. */
interface Leads {
  read(records: readonly EventRecord[], withDocuments: boolean): Promise<void>;
  /** null: the lead has been deleted. */
  build(record: EventRecord, withDocuments: boolean): Promise<LeadEvent | null>;
}

function createLeads(deps: FeedDeps, accountId: string): Leads {
  const known = { true: new Map<string, LeadRecord | null>(), false: new Map<string, LeadRecord | null>() };
  const mapOf = (withDocuments: boolean) => (withDocuments ? known.true : known.false);

  async function read(records: readonly EventRecord[], withDocuments: boolean): Promise<void> {
    const map = mapOf(withDocuments);
    const missing = [...new Set(records.map(({ leadId }) => leadId))].filter((leadId) => !map.has(leadId));
    for (let start = 0; start < missing.length && start < TESTED_MAX; start += LEADS_READ_MAX) {
      const leadIds = missing.slice(start, start + LEADS_READ_MAX);
      const leads = await deps.events.findLeads({ accountId, leadIds, withDocuments });
      for (const leadId of leadIds) map.set(leadId, leads.get(leadId) ?? null);
    }
  }

  return {
    read,
    async build(record, withDocuments) {
      await read([record], withDocuments);
      const lead = mapOf(withDocuments).get(record.leadId);
      return lead ? buildEvent({ lead, flow: await deps.findRevision(lead) }, record) : null;
    },
  };
}

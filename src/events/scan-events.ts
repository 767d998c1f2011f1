import type { Clock } from '../lib/clock.ts';
import type { EvaluationContext } from '../model/vars.ts';
import { buildEvent, type LeadEvent } from './build-event.ts';
import type { EventRules } from './compile-event-filter.ts';
import type { EventFilter, EventRecord, EventStore, LeadRecord, PageRequest } from './event-store.ts';
import { rangeBehind } from './reading-plan.ts';
import type { FindRevision } from './revisions.ts';

export interface ScanDeps {
  events: Pick<EventStore, 'pageOfEvents' | 'findLeads'>;
  findRevision: FindRevision;
  clock: Clock;
}

export interface ScanRequest extends PageRequest<EventFilter> {
  /** Asked of each event that the store finds; without a test none is left out. */
  asked: Pick<EventRules, 'test' | 'needsDocuments'>;
  ctx: EvaluationContext;
  /** Are properties of the answer made of the documents of leads? If not, none is read. */
  withDocuments: boolean;
}

export interface ScanResult {
  events: LeadEvent[];
  /** A bound ended the search, and it goes on behind this id; null: the answer is complete. */
  truncatedAt: string | null;
}

/** Events whose leads are read at once, those of a page as a rule: a lead may hold some megabytes, so not more. */
const BATCH_EVENTS = 100;
/** The same where facts are enough. */
const FACTS_BATCH_EVENTS = 500;
/** What one question may cost; past any of these the caller goes on from `truncatedAt`. */
export const SCANNED_MAX = 10_000;
const SCAN_MS_MAX = 400;
const ANSWER_CHARACTERS_MAX = 64 * 1024 * 1024;
/** Looked at however long it takes: a machine that is busy must not make pages empty. */
const SCANNED_MIN = 200;

/** The events of a page that pass the test, read until the page is full or a bound is met. */
export async function scanEvents(deps: ScanDeps, request: ScanRequest): Promise<ScanResult> {
  const { limit, sort, asked } = request;
  const endsAt = deps.clock.monotonic() + SCAN_MS_MAX;
  const reader = createReader(deps, request);
  let { range } = request;
  for (let scanned = 0; scanned < SCANNED_MAX; ) {
    // Without a test each event read is one of the answer.
    const size = asked.test ? reader.batch : limit - reader.events.length;
    // What is tested may need less of the leads than the answer.
    const leadsOf = { events: reader.batch, withDocuments: request.withDocuments };
    const page = await deps.events.pageOfEvents({
      ...{ ...request, range, limit: size },
      ...(!asked.test && { leadsOf }),
    });
    reader.know(page.leads);
    for (let start = 0; start < page.found.length && start < SCANNED_MAX; start += reader.batch) {
      const stoppedAt = await reader.read(page.found.slice(start, start + reader.batch));
      if (reader.events.length === limit) return { events: reader.events, truncatedAt: null };
      if (stoppedAt !== null) return { events: reader.events, truncatedAt: stoppedAt };
    }
    scanned += page.found.length;
    const last = page.found.at(-1)?.id;
    if (last === undefined || page.found.length < size) return { events: reader.events, truncatedAt: page.stoppedAt };
    const isLate = scanned >= SCANNED_MIN && deps.clock.monotonic() > endsAt;
    if (isLate || scanned >= SCANNED_MAX) return { events: reader.events, truncatedAt: last };
    range = rangeBehind(range, { id: last, sort });
  }
  return { events: reader.events, truncatedAt: null };
}

interface Reader {
  /** Records that `read` takes at once. */
  batch: number;
  events: LeadEvent[];
  /** Leads that came with a page: they are not read again. */
  know(leads: ReadonlyMap<string, LeadRecord>): void;
  /** Adds those that are wanted; the id at which the answer grew too large, else null. */
  read(records: readonly EventRecord[]): Promise<string | null>;
}

/** Reads each document once: events of a lead follow each other, so the leads of a batch are kept for the next one. */
function createReader(deps: ScanDeps, request: ScanRequest): Reader {
  const { accountId, asked, ctx, limit, withDocuments } = request;
  const testsDocuments = asked.test ? asked.needsDocuments : withDocuments;
  const facts = createLeadReader(deps, { accountId, withDocuments: testsDocuments });
  const documents = testsDocuments || !withDocuments ? facts : createLeadReader(deps, { accountId, withDocuments });
  const events: LeadEvent[] = [];
  let characters = 0;

  async function build(leads: ReadonlyMap<string, LeadRecord>, record: EventRecord): Promise<LeadEvent | null> {
    const lead = leads.get(record.leadId);
    return lead ? buildEvent({ lead, flow: await deps.findRevision(lead) }, record) : null;
  }

  async function passing(records: readonly EventRecord[]): Promise<EventRecord[]> {
    const { test } = asked;
    if (!test) return [...records];
    const leads = await facts.read(records);
    const passed: EventRecord[] = [];
    for (const record of records) {
      const event = await build(leads, record);
      if (event && test(event, ctx)) passed.push(record);
    }
    return passed;
  }

  return {
    batch: testsDocuments || withDocuments ? BATCH_EVENTS : FACTS_BATCH_EVENTS,
    events,
    know: documents.know,
    async read(records) {
      const passed = await passing(records);
      const leads = await documents.read(passed);
      for (const record of passed) {
        const event = await build(leads, record);
        if (event === null) continue;
        events.push(event);
        characters += leads.get(record.leadId)?.documentCharacters ?? 0;
        if (events.length === limit) return null;
        if (characters > ANSWER_CHARACTERS_MAX) return record.id;
      }
      return null;
    },
  };
}

interface LeadReader {
  know(leads: ReadonlyMap<string, LeadRecord>): void;
  /** The leads of some records; those of the records before are still known. */
  read(records: readonly EventRecord[]): Promise<ReadonlyMap<string, LeadRecord>>;
}

function createLeadReader(
  { events }: ScanDeps,
  { accountId, withDocuments }: { accountId: string; withDocuments: boolean },
): LeadReader {
  let known: ReadonlyMap<string, LeadRecord> = new Map();
  return {
    know(leads) {
      known = new Map([...known, ...leads]);
    },
    async read(records) {
      const wanted = new Set(records.map(({ leadId }) => leadId));
      const missing = [...wanted].filter((leadId) => !known.has(leadId));
      const read = missing.length === 0 ? [] : await events.findLeads({ accountId, leadIds: missing, withDocuments });
      const kept = [...known].filter(([leadId]) => wanted.has(leadId));
      known = new Map([...kept, ...read]);
      return known;
    },
  };
}

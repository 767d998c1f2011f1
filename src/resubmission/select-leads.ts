import { buildEvent } from '../events/build-event.ts';
import type { EventTest } from '../events/compile-event-filter.ts';
import type { EventRecord, EventStore, LeadPageFilter, LeadRecord } from '../events/event-store.ts';
import { type IdRange, NO_AFTER, NO_BEFORE } from '../events/id-range.ts';
import type { FindRevision } from '../events/revisions.ts';
import type { Clock } from '../lib/clock.ts';
import type { EvaluationContext } from '../model/vars.ts';

export interface SelectDeps {
  events: Pick<EventStore, 'pageOfLeads' | 'pageOfEvents' | 'findLeads'>;
  findRevision: FindRevision;
  clock: Clock;
}

/** Which leads are to be sent again. */
export interface LeadQuestion {
  range: IdRange;
  filter: LeadPageFilter;
  /** Asked of the source event of each lead; undefined: none is left out. */
  test: EventTest | undefined;
  /** Only those that a list check found because another lead, still under way, held the value (decision 5). */
  isHeldDuplicate: boolean;
  limit: number;
}

export interface SelectedLeads {
  /** Oldest first. */
  leadIds: string[];
  /** The last lead that was looked at when a bound ended the search; null: all were. */
  truncatedAt: string | null;
}

/** Leads read at once where each is looked into: one may hold some megabytes. */
const BATCH_LEADS = 50;
/** What one question may cost; the caller goes on from `truncatedAt`. */
const SCANNED_MAX = 10_000;
const SCAN_MS_MAX = 5_000;

/** Finds the leads of a question, batch by batch where each must be looked into. */
export async function selectLeads(
  deps: SelectDeps,
  asked: { accountId: string; question: LeadQuestion; ctx: EvaluationContext },
): Promise<SelectedLeads> {
  const { accountId, question } = asked;
  const { filter, limit, test, isHeldDuplicate } = question;
  const isPlain = test === undefined && !isHeldDuplicate;
  const startedAt = deps.clock.monotonic();
  const leadIds: string[] = [];
  let { range } = question;
  for (let scanned = 0; ; ) {
    const size = isPlain ? limit : BATCH_LEADS;
    const page = await deps.events.pageOfLeads({ accountId, range, filter, sort: 'asc', limit: size });
    const ids = page.found.map(({ id }) => id);
    for (const id of isPlain ? ids : await idsThatPass(deps, { ...asked, ids })) {
      leadIds.push(id);
      if (leadIds.length === limit) return { leadIds, truncatedAt: null };
    }
    const last = ids.at(-1);
    if (last === undefined || ids.length < size) return { leadIds, truncatedAt: page.stoppedAt };
    scanned += ids.length;
    if (scanned >= SCANNED_MAX || deps.clock.monotonic() - startedAt > SCAN_MS_MAX) {
      return { leadIds, truncatedAt: last };
    }
    range = { ...range, after: last };
  }
}

/** In the order of the ids. */
async function idsThatPass(
  deps: SelectDeps,
  asked: { accountId: string; question: LeadQuestion; ctx: EvaluationContext; ids: readonly string[] },
): Promise<string[]> {
  const { accountId, ids } = asked;
  const { found } = await deps.events.pageOfEvents({
    accountId,
    range: { after: NO_AFTER, before: NO_BEFORE },
    filter: { types: ['source'], leadIds: ids },
    sort: 'desc',
    limit: BATCH_LEADS,
  });
  const leads = await deps.events.findLeads({ accountId, leadIds: ids, withDocuments: true });
  const passed = new Set<string>();
  for (const event of found) {
    const lead = leads.get(event.leadId);
    if (lead && (await doesPass(deps, { ...asked, lead, event }))) passed.add(lead.id);
  }
  return ids.filter((id) => passed.has(id));
}

async function doesPass(
  deps: SelectDeps,
  asked: { question: LeadQuestion; ctx: EvaluationContext; lead: LeadRecord; event: EventRecord },
): Promise<boolean> {
  const { test, isHeldDuplicate } = asked.question;
  const { lead, event } = asked;
  if (isHeldDuplicate && !lead.document?.lists?.some(({ because }) => because === 'held')) return false;
  return test === undefined || test(buildEvent({ lead, flow: await deps.findRevision(lead) }, event), asked.ctx);
}

import { createPersonFinder, joinTexts, type PersonFinder } from '../../keeping/person.ts';
import { firstIdAt } from '../../lib/ids.ts';
import type { ArtefactPart } from '../job.ts';
import type { JobContext } from '../job-context.ts';
import type { QueueRow } from '../job-row.ts';
import type { ErasedCounts, PrivacyDeps, StoredLead, Subject } from '../privacy-deps.ts';

/** What the job is asked, as it is stored; whom it is about is in a table of its own, encrypted. */
export interface ErasePersonInput {
  isPreview: boolean;
}

interface Checkpoint {
  /** Leads with smaller ids are looked through; those that came later are not concerned. */
  below: string;
  /** The last lead that was looked at. */
  after: string;
  /** The first `IDS_MAX` of each. */
  erased: string[];
  held: string[];
  /** Leads with an attempt under way, which are looked at again. */
  later: string[];
  counts: Record<string, number>;
}

/** Ids that a receipt names; of further ones it has the number. */
const IDS_MAX = 10_000;
/** Pages of one job: 100 million leads. */
const PAGES_MAX = 2_000_000;
/** Waiting for what is under way: ten minutes in all. */
const WAITS_MAX = 300;
const WAIT_MS = 2_000;
const ARTEFACT_KEPT_MS = 7 * 86_400_000;
export const PREVIEW_FILE = 'preview.json';
export const RECEIPT_FILE = 'receipt.json';

/** What an erasure leaves, and why; in each receipt. */
export const LEFT_ON_PURPOSE = [
  'Entries of lists: keyed hashes, which keep the person from being bought again',
  'Figures of reports, prices and times: they have no values of people',
  'What was delivered to recipients and copied to buckets and webhooks: ask who received it',
  'Backups of the database: they end with their own period',
  'What people configured, and the log of their changes',
  'Pings that carry neither the address nor the number that was asked for: keyed hashes of each ping’s own',
] as const;

export const erasePerson: QueueRow = {
  name: 'erase-person',
  does: 'Erases a person, or previews it: `POST /privacy/erase`. Waits up to ten minutes for leads under way.',
  when: 'queue',
  where: 'one node',
  timeoutMs: 24 * 3_600_000,
  attemptsMax: 25,
  failures: ['under_way'],
  run: async (job, { privacy }) => {
    const subject = await privacy.findSubject(job);
    // It was cancelled and begun again: there is nobody to look for.
    if (!subject) return job.fail('The request of this job has ended');
    const { isPreview } = job.input as ErasePersonInput; // written by the request
    await eraseSubject(job, { privacy, subject, isPreview });
    if (job.signal.aborted && job.signal.reason !== 'cancelled') return;
    if (job.signal.aborted) await endCancelled(job, privacy);
  },
};

interface Erasing {
  privacy: PrivacyDeps;
  subject: Subject;
  isPreview: boolean;
}

async function eraseSubject(job: JobContext, erasing: Erasing): Promise<void> {
  const { privacy, isPreview } = erasing;
  let checkpoint = job.checkpoint as Checkpoint | null; // its own, written below
  if (checkpoint === null) {
    checkpoint = { below: firstIdAt(job.now() + 1_000), after: '', erased: [], held: [], later: [], counts: {} };
    await job.write({ checkpoint, total: null, done: 0, counters: {} });
  }
  if (!isPreview)
    await waitForOthers(job, { privacy, before: Number.parseInt(checkpoint.below.slice(0, 8), 16) * 1_000 });
  const finder = erasing.subject.person && createPersonFinder(erasing.subject.person);
  const persons = (await privacy.listHeldPersons(job.accountId)).map(createPersonFinder);
  for (let page = 0; page < PAGES_MAX && !job.signal.aborted; page += 1) {
    const leads = await privacy.readPage({
      ...{ accountId: job.accountId, after: checkpoint.after, below: checkpoint.below },
      leadIds: erasing.subject.leadIds,
    });
    if (leads.length === 0) break;
    const next = await erasePage(job, { erasing, checkpoint, leads, finder, persons, isAgain: false });
    if (next === null) return;
    checkpoint = next;
  }
  checkpoint = await eraseLater(job, { erasing, checkpoint, finder, persons });
  if (!job.signal.aborted) await finish(job, { erasing, checkpoint });
}

/** Leads and files that began before the job are not stored yet; what they are counted by is written a second later. */
async function waitForOthers(
  job: JobContext,
  { privacy, before }: { privacy: PrivacyDeps; before: number },
): Promise<void> {
  for (let waits = 0; waits < WAITS_MAX && !job.signal.aborted; waits += 1) {
    if (!(await privacy.isBusy({ accountId: job.accountId, before }))) return;
    if (waits === 0) job.say('Waits for leads and files that are under way');
    await job.pause(WAIT_MS);
  }
  job.say('Something that began before is still under way; it is not looked at');
}

interface Page {
  erasing: Erasing;
  checkpoint: Checkpoint;
  leads: readonly StoredLead[];
  finder: PersonFinder | null;
  /** Of persons under a legal hold. */
  persons: readonly PersonFinder[];
  /** They were looked at before, so they count no more and the job is not as far as they are. */
  isAgain: boolean;
}

/** null: the attempt was given up. */
async function erasePage(job: JobContext, page: Page): Promise<Checkpoint | null> {
  const { erasing, checkpoint, leads, finder, persons, isAgain } = page;
  const sorted = { erased: [] as string[], held: [] as string[], later: [] as string[] };
  for (const { leadId, isHeld, isUnderWay, parts } of leads) {
    const text = joinTexts(parts);
    if (finder !== null && !finder.isIn(text)) continue;
    if (isHeld || persons.some((each) => each.isIn(text))) sorted.held.push(leadId);
    else if (isUnderWay && !erasing.isPreview) sorted.later.push(leadId);
    else sorted.erased.push(leadId);
  }
  const { accountId } = job;
  const request = { accountId, leadIds: sorted.erased, person: erasing.subject.person };
  const after = (counts: ErasedCounts): Checkpoint => ({
    below: checkpoint.below,
    after: isAgain ? checkpoint.after : (leads.at(-1)?.leadId ?? checkpoint.after),
    erased: addIds(checkpoint.erased, sorted.erased),
    held: addIds(checkpoint.held, sorted.held),
    later: addIds(checkpoint.later, sorted.later),
    counts: addCounts(checkpoint.counts, {
      ...counts,
      looked: isAgain ? 0 : leads.length,
      leads: sorted.erased.length,
      held_leads: sorted.held.length,
    }),
  });
  if (erasing.isPreview) {
    const next = after(await erasing.privacy.count(request));
    await job.write(progressOf(next));
    return next;
  }
  const counts = await job.writeWith(erasing.privacy.erase(request), (done) => ({
    progress: progressOf(after(done)),
    parts: [],
  }));
  return counts && after(counts);
}

/** Leads whose attempt was under way: until it has ended, or for ten minutes. */
async function eraseLater(job: JobContext, given: Omit<Page, 'leads' | 'isAgain'>): Promise<Checkpoint> {
  let { checkpoint } = given;
  for (let waits = 0; checkpoint.later.length > 0 && waits < WAITS_MAX && !job.signal.aborted; waits += 1) {
    const open = checkpoint.later;
    const leads = await given.erasing.privacy.readPage({
      ...{ accountId: job.accountId, after: '', below: checkpoint.below, leadIds: open },
    });
    const ended = leads.filter(({ isUnderWay }) => !isUnderWay);
    if (ended.length === 0) {
      await job.pause(WAIT_MS);
      continue;
    }
    const left = open.filter((leadId) => !ended.some((lead) => lead.leadId === leadId));
    const again = { ...given, checkpoint: { ...checkpoint, later: left }, leads: ended, isAgain: true };
    const next = await erasePage(job, again);
    if (next === null) return checkpoint;
    checkpoint = next;
  }
  return checkpoint;
}

async function finish(
  job: JobContext,
  { erasing, checkpoint }: { erasing: Erasing; checkpoint: Checkpoint },
): Promise<void> {
  const { privacy, subject, isPreview } = erasing;
  const { accountId, id } = job;
  const { person } = subject;
  if (isPreview) {
    await job.writeWith(await privacy.close({ accountId, id, statement: null, now: job.now() }), () => ({
      progress: progressOf(checkpoint),
      parts: [artefactOf(job, { name: PREVIEW_FILE, document: describe(checkpoint) })],
    }));
    return;
  }
  const firstLeadId = checkpoint.erased.toSorted()[0] ?? null;
  const elsewhere = await job.writeWith(
    privacy.eraseElsewhere({ accountId, jobId: id, person, firstLeadId }),
    (done) => ({ progress: progressOf({ ...checkpoint, counts: addCounts(checkpoint.counts, done) }), parts: [] }),
  );
  if (elsewhere === null) return;
  const counts = addCounts(checkpoint.counts, elsewhere);
  const statement = JSON.stringify({
    ...{ id, account_id: accountId, erased_at: new Date(job.now()).toISOString() },
    subject:
      person === null
        ? { kind: 'leads' }
        : { kind: person.kind, keyed_hash: await privacy.hashPerson(accountId, person) },
    ...describe({ ...checkpoint, counts }),
    under_way_lead_ids: checkpoint.later,
    left_on_purpose: LEFT_ON_PURPOSE,
  });
  const closing = await privacy.close({ accountId, id, statement, now: job.now() });
  await job.writeWith(closing, (receipt) => ({
    progress: progressOf({ ...checkpoint, counts }),
    parts: receipt ? [artefactOf(job, { name: RECEIPT_FILE, document: receipt })] : [],
  }));
}

/** A job that was cancelled forgets whom it was about. */
async function endCancelled(job: JobContext, privacy: PrivacyDeps): Promise<void> {
  const { accountId, id } = job;
  const effect = await privacy.close({ accountId, id, statement: null, now: job.now() });
  await job.writeWith(effect, () => ({
    progress: { checkpoint: job.checkpoint, total: null, done: job.done, counters: job.counters },
    parts: [],
  }));
}

function describe({ counts, erased, held }: Checkpoint): object {
  const { looked = 0, leads = 0, held_leads: heldLeads = 0, ...others } = counts;
  return {
    counts: { leads_looked_at: looked, leads, held_leads: heldLeads, ...others },
    lead_ids: erased,
    held_lead_ids: held,
  };
}

function progressOf(checkpoint: Checkpoint) {
  const { looked = 0, leads = 0, held_leads: held = 0 } = checkpoint.counts;
  const underWay = checkpoint.later.length;
  const counters = { erased: leads, held, under_way: underWay, not_concerned: looked - leads - held - underWay };
  return { checkpoint, total: null, done: looked, counters };
}

function artefactOf(job: JobContext, { name, document }: { name: string; document: object }): ArtefactPart {
  return {
    ...{ name, part: 1, contentType: 'application/json; charset=utf-8' },
    ...{ content: JSON.stringify(document), expiresAt: job.now() + ARTEFACT_KEPT_MS },
  };
}

function addIds(known: readonly string[], more: readonly string[]): string[] {
  return [...known, ...more].slice(0, IDS_MAX);
}

function addCounts(known: ErasedCounts, more: ErasedCounts): Record<string, number> {
  const sums: Record<string, number> = { ...known };
  for (const [kind, count] of Object.entries(more)) sums[kind] = (sums[kind] ?? 0) + count;
  return sums;
}

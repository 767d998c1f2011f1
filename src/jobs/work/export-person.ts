import { createPersonFinder, joinTexts } from '../../keeping/person.ts';
import { firstIdAt } from '../../lib/ids.ts';
import type { ArtefactPart } from '../job.ts';
import type { JobContext } from '../job-context.ts';
import type { QueueRow } from '../job-row.ts';
import type { PrivacyDeps, Subject } from '../privacy-deps.ts';

interface Checkpoint {
  below: string;
  after: string;
  /** Parts of the artefact that are written. */
  parts: number;
  /** Of the head; absent: a job of an older version wrote it, without them. */
  testLeads?: number;
  looked: number;
  leads: number;
}

/** Pages of one job: 100 million leads. */
const PAGES_MAX = 2_000_000;
/** A file is read as a whole. */
const LEADS_MAX = 1_000;
const TEST_LEADS_MAX = 1_000;
const ARTEFACT_KEPT_MS = 7 * 86_400_000;
export const PERSON_FILE = 'person.json';

export const exportPerson: QueueRow = {
  name: 'export-person',
  does: 'Writes down all that is kept about a person: `POST /privacy/export`.',
  when: 'queue',
  where: 'one node',
  timeoutMs: 24 * 3_600_000,
  attemptsMax: 25,
  failures: [],
  run: async (job, { privacy }) => {
    const subject = await privacy.findSubject(job);
    if (!subject) return job.fail('The request of this job has ended');
    await writeSubject(job, { privacy, subject });
    if (!job.signal.aborted || job.signal.reason !== 'cancelled') return;
    const { accountId, id, checkpoint, done, counters } = job;
    const closing = await privacy.close({ accountId, id, statement: null, now: job.now() });
    await job.writeWith(closing, () => ({ progress: { checkpoint, total: null, done, counters }, parts: [] }));
  },
};

interface Exporting {
  privacy: PrivacyDeps;
  subject: Subject;
}

async function writeSubject(job: JobContext, { privacy, subject }: Exporting): Promise<void> {
  const { accountId, id } = job;
  let checkpoint = job.checkpoint as Checkpoint | null; // its own, written below
  if (checkpoint === null) {
    const head = await readHead(accountId, { privacy, subject });
    const testLeads = head.test_leads.length;
    checkpoint = { below: firstIdAt(job.now() + 1_000), after: '', parts: 1, testLeads, looked: 0, leads: 0 };
    await job.write(progressOf(checkpoint), [
      partOf(job, { part: 1, content: `${JSON.stringify(head).slice(0, -1)},"leads":[` }),
    ]);
  }
  const finder = subject.person && createPersonFinder(subject.person);
  for (let page = 0; page < PAGES_MAX && !job.signal.aborted && checkpoint.leads < LEADS_MAX; page += 1) {
    const { after, below } = checkpoint;
    const leads = await privacy.readPage({ accountId, after, below, leadIds: subject.leadIds });
    if (leads.length === 0) break;
    const found = leads.filter(({ parts }) => finder === null || finder.isIn(joinTexts(parts)));
    const written: string[] = [];
    for (const { leadId } of found) written.push(JSON.stringify(await privacy.readLead({ accountId, leadId })));
    const next: Checkpoint = {
      ...checkpoint,
      ...{ below, after: leads.at(-1)?.leadId ?? after, parts: checkpoint.parts + Number(written.length > 0) },
      ...{ looked: checkpoint.looked + leads.length, leads: checkpoint.leads + written.length },
    };
    const comma = checkpoint.leads > 0 ? ',' : '';
    await job.write(
      progressOf(next),
      written.length > 0 ? [partOf(job, { part: next.parts, content: comma + written.join(',') })] : [],
    );
    checkpoint = next;
  }
  if (job.signal.aborted) return;
  const isCut = checkpoint.leads >= LEADS_MAX || checkpoint.testLeads === TEST_LEADS_MAX;
  const end = partOf(job, { part: checkpoint.parts + 1, content: `],"is_complete":${!isCut}}` });
  const closing = await privacy.close({ accountId, id, statement: null, now: job.now() });
  const progress = progressOf(checkpoint);
  await job.writeWith(closing, () => ({ progress, parts: [end] }));
}

/** What is kept of a person beside leads; of named leads nothing. */
async function readHead(accountId: string, { privacy, subject: { person } }: Exporting) {
  if (person === null) return { lists: [], test_leads: [] };
  return {
    lists: await privacy.findLists(accountId, person),
    test_leads: await privacy.readTestLeads({ accountId, person, limit: TEST_LEADS_MAX }),
  };
}

function partOf(job: JobContext, { part, content }: { part: number; content: string }): ArtefactPart {
  const contentType = 'application/json; charset=utf-8';
  return { name: PERSON_FILE, part, contentType, content, expiresAt: job.now() + ARTEFACT_KEPT_MS };
}

function progressOf(checkpoint: Checkpoint) {
  const { looked, leads } = checkpoint;
  return { checkpoint, total: null, done: looked, counters: { exported: leads, not_concerned: looked - leads } };
}

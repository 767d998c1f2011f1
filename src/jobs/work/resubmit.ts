import { writeCsvRow } from '../../csv/write-csv-row.ts';
import { type Resubmitted, resubmitLeads } from '../../resubmission/resubmit-leads.ts';
import type { Target } from '../../resubmission/submission-again.ts';
import type { ArtefactPart } from '../job.ts';
import type { JobContext } from '../job-context.ts';
import type { QueueRow } from '../job-row.ts';

/** What the job is asked, as it is stored. */
export interface ResubmitInput {
  leadIds: string[];
  isAgain: boolean;
  takesMasked: boolean;
  target: Target | null;
  /** Lets a job that is begun again send no lead twice. */
  callId: string;
}

interface Checkpoint {
  /** How many of the leads are behind it. */
  next: number;
  /** Parts of the artefact that are written. */
  parts: number;
}

/** Leads between two progresses: some seconds of work. */
const CHUNK_LEADS = 40;
/** When there is no room for leads, or the database is away. */
const WAIT_MS = 2_000;
/**
 * How often leads are asked about whose new lead had not ended, before they are reported as running: 11 minutes, after which
 * a claim whose process stopped before the lead ran is void, and the lead is sent.
 */
const LOOKS_MAX = 330;
const ARTEFACT_KEPT_MS = 7 * 86_400_000;
export const RESULTS = 'results.csv';
const HEADING = 'lead_id,status,resubmitted_as,outcome,reason';

/** Every outcome but `success` is a failure: the lead was not sold, or not sent. */
export const RESUBMIT_FAILURES = ['failure', 'error', 'refused', 'missing', 'running'] as const;

export const resubmit: QueueRow = {
  name: 'resubmit',
  does: 'Sends failed leads through their flow again, each as a new lead: `POST /leads/resubmit` with `"as_job": true`.',
  when: 'queue',
  where: 'one node',
  timeoutMs: 3 * 3_600_000,
  attemptsMax: 25,
  failures: RESUBMIT_FAILURES,
  run: async (job, deps) => {
    // Written by the request, in the same shape.
    const input = job.input as ResubmitInput;
    let { next, parts } = (job.checkpoint ?? { next: 0, parts: 0 }) as Checkpoint; // its own, written below
    const counters: Record<string, number> = { ...job.counters };
    if (job.checkpoint === null) job.say(`Starts with ${input.leadIds.length} leads`);
    while (next < input.leadIds.length && !job.signal.aborted) {
      const chunk = input.leadIds.slice(next, next + CHUNK_LEADS);
      const resultsByLead = await resubmitChunk(chunk, { job, input, deps: deps.resubmit });
      // What was not begun is left to the next attempt: the call has a name, so nothing is sent twice.
      if (resultsByLead.size < chunk.length) break;
      for (const result of resultsByLead.values()) counters[outcomeOf(result)] = (counters[outcomeOf(result)] ?? 0) + 1;
      next += chunk.length;
      parts += 1;
      await job.write({ checkpoint: { next, parts }, total: input.leadIds.length, done: next, counters }, [
        buildPart([...resultsByLead.values()], { part: parts, now: job.now() }),
      ]);
    }
  },
};

interface ChunkContext {
  job: JobContext;
  input: ResubmitInput;
  deps: Parameters<typeof resubmitLeads>[0];
}

interface Missing {
  leadId: string;
  status: 'missing';
}

/** Until each lead of the chunk has an end, or the job is to stop. */
async function resubmitChunk(
  chunk: readonly string[],
  { job, input, deps }: ChunkContext,
): Promise<Map<string, Resubmitted | Missing>> {
  const { isAgain, takesMasked, target, callId } = input;
  const resultsByLead = new Map<string, Resubmitted | Missing>();
  let looks = 0;
  let isWaiting = false;
  for (let open = [...chunk]; open.length > 0 && !job.signal.aborted; ) {
    const call = {
      accountId: job.accountId,
      leadIds: open,
      options: { isAgain, takesMasked },
      target,
      callId,
      signal: job.signal,
    };
    const { results, missing, remaining } = await resubmitLeads(deps, call);
    for (const result of results) resultsByLead.set(result.leadId, result);
    for (const leadId of missing) resultsByLead.set(leadId, { leadId, status: 'missing' });
    const running = results.filter(({ status }) => status === 'running').map(({ leadId }) => leadId);
    if (remaining.length === 0) looks += 1;
    if (remaining.length > 0 && !isWaiting) job.say('The server has no capacity for more leads now; the job waits');
    isWaiting = remaining.length > 0;
    open = [...remaining, ...(looks < LOOKS_MAX ? running : [])];
    if (open.length === 0) break;
    await job.pause(WAIT_MS);
    // Ends of leads whose process stopped are found by it.
    await deps.resubmissions.tidy({ accountId: job.accountId, now: job.now() });
  }
  return resultsByLead;
}

/** As it is counted: the outcome of a lead that was sent, else its status. */
function outcomeOf(result: Resubmitted | Missing): string {
  return result.status === 'sent' ? (result.outcome ?? 'error') : result.status;
}

function buildPart(
  results: readonly (Resubmitted | Missing)[],
  { part, now }: { part: number; now: number },
): ArtefactPart {
  const rows = results.map((result) =>
    result.status === 'missing'
      ? [result.leadId, result.status, null, null, null]
      : [result.leadId, result.status, result.asLeadId, result.outcome, result.reason],
  );
  const text = rows.map(writeCsvRow).join('');
  return {
    name: RESULTS,
    part,
    contentType: 'text/csv; charset=utf-8',
    content: part === 1 ? `${HEADING}\r\n${text}` : text,
    expiresAt: now + ARTEFACT_KEPT_MS,
  };
}

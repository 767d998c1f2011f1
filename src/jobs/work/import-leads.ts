import type { CompiledFlow } from '../../flow-compiler/compiled-flow.ts';
import { FileFault } from '../../imports/read-text.ts';
import { checkFile } from '../import-leads/check-file.ts';
import { IMPORT_LEADS, type ImportLeadsCheckpoint, type ImportLeadsInput } from '../import-leads/import-leads-input.ts';
import { runRows } from '../import-leads/run-rows.ts';
import type { ImportLeadsDeps } from '../import-leads-deps.ts';
import type { JobContext } from '../job-context.ts';
import { ATTEMPT_MS_MAX, type QueueRow } from '../job-row.ts';

/** A process that does not know the deployed flows yet; together half a minute, then the queue tries again. */
const PAUSES_MAX = 30;
const PAUSE_MS = 1_000;
/** Of a flow that it does not know, it looks so often. */
const MISSING_PAUSES_MAX = 3;

export const importLeads: QueueRow = {
  name: IMPORT_LEADS,
  does: 'Checks a file of leads, waits until a person confirms it, and submits each row once to the source: `POST /leads/imports`.',
  when: 'queue',
  where: 'one node',
  // After three hours another attempt goes on.
  timeoutMs: ATTEMPT_MS_MAX,
  attemptsMax: 25,
  failures: ['failure', 'error', 'rejected'],
  run: async (job, { importLeads: deps }) => {
    let hasLeft = false;
    try {
      hasLeft = await runImport(job, deps);
    } catch (error) {
      if (!(error instanceof FileFault)) throw error;
      // Another attempt would read the same file.
      job.fail(error.message);
    }
    if (hasLeft || (job.signal.aborted && job.signal.reason !== 'cancelled')) return;
    await deps.files.remove({ accountId: job.accountId, id: job.id });
  },
};

/** Returns whether the job goes on in another attempt. */
async function runImport(job: JobContext, deps: ImportLeadsDeps): Promise<boolean> {
  // Written by the request, in the same shape; the checkpoint is its own.
  const input = job.input as ImportLeadsInput;
  let checkpoint = job.checkpoint as ImportLeadsCheckpoint | null;
  const flow = await findFlow(job, { deps, flowId: input.flowId });
  if (flow === null) return false;
  const file = { deps, input, flow };
  if (checkpoint === null) {
    const checked = await checkFile(job, file);
    if (checked === null) return false;
    const parts = { result: 0, rejected: 0 };
    checkpoint = { ...checked, next: 0, ended: [], claims: [], parts, rejectedCharacters: 0 };
    const { rows, rejected } = checked.check;
    job.say(`The file has ${rows} rows; ${rejected} of them would be rejected`);
    await job.write({ checkpoint, total: rows, done: 0, counters: {} });
  }
  if (job.signal.aborted) return false;
  if (!input.isConfirmed) {
    job.leave({ state: 'waiting', reason: `Checked: start it with POST /leads/imports/${job.id}/start` });
    return true;
  }
  job.say(checkpoint.next === 0 ? 'Begins to submit rows' : `Goes on after row ${checkpoint.next}`);
  return runRows(job, file, checkpoint);
}

/** null: the job is to end. */
async function findFlow(
  job: JobContext,
  { deps, flowId }: { deps: ImportLeadsDeps; flowId: string },
): Promise<CompiledFlow | null> {
  for (let pauses = 0; pauses < PAUSES_MAX; pauses += 1) {
    const found = deps.findFlow(flowId);
    if (found.kind === 'found' && found.flow.account.id === job.accountId) return found.flow;
    // A process that has just started meets deployed flows within moments.
    if (found.kind !== 'stale' && pauses >= MISSING_PAUSES_MAX) break;
    await job.pause(PAUSE_MS);
    if (job.signal.aborted) return null;
  }
  if (deps.findFlow(flowId).kind === 'stale') throw new Error('this process does not know the deployed flows');
  job.fail('The flow is not deployed any more.');
  return null;
}

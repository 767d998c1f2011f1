import { type RunAgainDeps, runAgain } from '../intake/run-again.ts';
import { encodeForm } from '../integrations/formats/encode-form.ts';
import type { RowToSubmit, SubmittedRow } from '../jobs/import-leads-deps.ts';
import type { Clock } from '../lib/clock.ts';
import type { Submission } from '../pipeline/lead-run.ts';

/** Submits a row of a file as its sender would: as a form posted to the source, with an id that is known before. */
export async function submitRow(row: RowToSubmit, deps: RunAgainDeps): Promise<SubmittedRow> {
  const ran = await runAgain(
    { submission: buildRowSubmission(row, deps.phases.clock), accountId: row.accountId, isBehind: true },
    deps,
  );
  if (ran === null) return { kind: 'not-now' };
  const { run, end } = ran;
  if (end.kind === 'answered') {
    if (run.answer === null) return { kind: 'refused', status: end.answer.status };
    return { kind: 'ended', outcome: run.outcome, reason: run.reason };
  }
  return run.hasRun || run.hasSent || run.answer ? { kind: 'open' } : { kind: 'not-now' };
}

export function buildRowSubmission(row: RowToSubmit, clock: Clock): Submission {
  const { flowId, sourceId, jobId, number, leadId, values } = row;
  const body = encodeForm(values);
  return {
    flowId,
    sourceRef: sourceId,
    request: {
      method: 'POST',
      uri: `/flows/${flowId}/sources/${sourceId}/submit`,
      version: '1.1',
      headers: {
        Accept: 'application/json',
        'Content-Type': 'application/x-www-form-urlencoded',
        'Content-Length': String(Buffer.byteLength(body)),
      },
      body,
      timestamp: clock.now(),
    },
    // Nobody knows the address of the person in the row; a column may have it.
    ip: '',
    authorization: undefined,
    arrivedAt: clock.monotonic(),
    imported: { leadId, jobId, row: number },
  };
}

import type { Slots } from '../lib/slots.ts';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Tracing } from '../observe/tracing.ts';
import { type LeadRun, type Submission, startRun } from '../pipeline/lead-run.ts';
import type { PhaseDeps } from '../pipeline/phase.ts';
import { type RunEnd, runLead } from '../pipeline/run-lead.ts';
import { leadLine } from './lead-line.ts';

export interface SubmissionDeps {
  phases: PhaseDeps;
  log: Pick<Log, 'info'>;
  metrics: Pick<Metrics, 'recordLead' | 'recordPing'>;
  /** null: no spans are kept. */
  tracing: Pick<Tracing, 'recordLead'> | null;
  /** Leads under way, for the search for abandoned runs. */
  running: Slots<LeadRun>;
}

/**
 * Takes a submission through the phases: it counts among the leads under way and leaves its line in the log. The caller
 * has a place in the admission.
 */
export async function runSubmission(
  submission: Submission,
  { phases, running, log, metrics, tracing }: SubmissionDeps,
): Promise<{ run: LeadRun; end: RunEnd }> {
  const run = startRun(submission);
  const slot = running.enter(run);
  try {
    const end = await runLead(run, phases);
    const ended = { end, ms: phases.clock.monotonic() - submission.arrivedAt };
    log.info(leadLine(run, ended), submission.isPing ? 'ping' : 'lead');
    try {
      if (submission.isPing) metrics.recordPing(run, ended);
      else metrics.recordLead(run, ended);
      tracing?.recordLead(run, ended);
    } catch (error) {
      // The lead is committed: a fault in counting or tracing must not cost its sender the answer.
      phases.report({ leadId: run.leadId, where: 'metrics', error });
    }
    return { run, end };
  } finally {
    running.leave(slot, run);
  }
}

import { isId, isShortId } from '../lib/ids.ts';
import { traceIdOf } from '../observe/trace-ids.ts';
import type { LeadRun } from '../pipeline/lead-run.ts';
import { PHASES } from '../pipeline/phases.ts';
import type { RunEnd } from '../pipeline/run-lead.ts';

/**
 * The one line a lead or a ping leaves in the log: ids, outcome and where its time went. No reason, because a reason may quote
 * the lead. A lead that was refused names what its URL named, so that its sender can be helped.
 */
export function leadLine(run: LeadRun, ended: { end: RunEnd; ms: number }): Record<string, unknown> {
  const { end, ms } = ended;
  return {
    [run.submission.isPing ? 'ping_id' : 'lead_id']: run.leadId,
    trace_id: traceIdOf(run),
    flow_id: run.route?.flow.id ?? idIn(run.submission.flowId),
    revision: run.route?.flow.revision,
    source_id: run.route?.source.entityId ?? idIn(run.submission.sourceRef),
    outcome: end.kind === 'answered' && run.answer ? run.outcome : undefined,
    status: end.kind === 'answered' ? end.answer.status : 503,
    ms: rounded(ms),
    wait_ms: rounded(run.waitMs),
    phase_ms: nameSlowPhases(run.phaseMs),
  };
}

/** A URL may contain anything, so only ids are logged. */
function idIn(segment: string): string | undefined {
  if (isId(segment)) return segment.toLowerCase();
  return isShortId(segment) ? segment : undefined;
}

/** Most phases take microseconds; the line names those that did not. */
const NAMED_FROM_MS = 0.1;

function nameSlowPhases(phaseMs: LeadRun['phaseMs']): Record<string, number> {
  const named: Record<string, number> = {};
  PHASES.forEach(({ name }, index) => {
    const ms = phaseMs[index];
    if (ms !== undefined && ms >= NAMED_FROM_MS) named[name] = rounded(ms);
  });
  return named;
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}

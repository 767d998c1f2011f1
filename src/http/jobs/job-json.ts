import type { Job } from '../../jobs/job.ts';
import { measurePace } from '../../jobs/judge-job.ts';

/** A job as the API returns it. */
export function jobJson(job: Job): Record<string, unknown> {
  const { id, kind, state, askedBy, total, done, counters, reason, attempt, isCancelAsked } = job;
  const { ratePerSecond, etaSeconds } = measurePace(job);
  return {
    id,
    kind,
    state,
    asked_by: askedBy,
    progress: { done, total, rate_per_second: ratePerSecond, eta_seconds: etaSeconds },
    counters,
    reason,
    attempt,
    cancel_asked: isCancelAsked,
    log: job.lines.map(({ at, text }) => ({ at: timeText(at), text })),
    artefacts: job.artefacts.map(({ name, contentType, size, expiresAt }) => ({
      name,
      url: `/jobs/${id}/artefacts/${encodeURIComponent(name)}`,
      content_type: contentType,
      size,
      expires_at: timeText(expiresAt),
    })),
    created_at: timeText(job.createdAt),
    started_at: timeText(job.startedAt),
    updated_at: timeText(job.updatedAt),
    ended_at: timeText(job.endedAt),
  };
}

function timeText(at: number): string;
function timeText(at: number | null): string | null;
function timeText(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

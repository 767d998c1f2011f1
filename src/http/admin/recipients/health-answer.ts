import type { ReportedHealth } from '../../../integrations/recipient-limits/recipient-health.ts';

/** One recipient as one process sees it, as the API answers it. */
export function healthAnswer(health: ReportedHealth): Record<string, unknown> {
  const { state, running, waiting, waited, requests, errors } = health;
  return {
    recipient_id: health.recipientId,
    origin: health.origin,
    state,
    ...{ running, waiting, waited, requests, errors },
    opened_at: timeOf(health.openedAt),
    next_probe_at: timeOf(health.nextProbeAt),
    process: { node_id: health.nodeId, host: health.host, pid: health.pid },
    reported_at: timeOf(health.reportedAt),
  };
}

function timeOf(epochMs: number | null): string | null {
  return epochMs === null ? null : new Date(epochMs).toISOString();
}

import type { ApiCall } from '../http/register-api.ts';
import type { Log } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';

/** Asked every few seconds by machines: their lines would hide the others. */
const ASKED_BY_MACHINES = ['GET /livez', 'GET /readyz', 'GET /metrics', 'GET /status'];

/** One line and one observation for each call of the API. The line has ids and names of tables, no values. */
export function recordApiCall(
  { route, status, ms, traceId, principal }: ApiCall,
  { log, metrics }: { log: Pick<Log, 'info' | 'debug'>; metrics: Pick<Metrics, 'recordApiCall'> },
): void {
  metrics.recordApiCall({ route, status, ms });
  const write = ASKED_BY_MACHINES.includes(route) ? log.debug : log.info;
  const who = principal && { actor: principal.actor.kind, actor_id: principal.actor.id };
  write({ route, trace_id: traceId, status, ms: Math.round(ms * 10) / 10, ...who }, 'call');
}

import type { CompiledCap } from '../../caps/compile-caps.ts';
import { type RunPart, routeOf } from '../lead-run.ts';
import { buildCapRequests } from '../look-at-places.ts';
import type { CapRequest } from '../run-store.ts';

/** The answer to a ping that a limit refuses (decision 26). */
export const PING_LIMIT_REASON = 'Ping limit reached';

/** Of a ping: those of the flow, then those of the source. */
export function listPingLimits(run: RunPart<'route'>): readonly CompiledCap[] {
  const { flow, source } = routeOf(run);
  if (source.pingLimits.length === 0) return flow.pings.limits;
  return [...flow.pings.limits, ...source.pingLimits];
}

/** Their windows are those of the ping's own instant. */
export function buildLimitRequests(run: RunPart<'route' | 'attempt' | 'ctx' | 'known'>): CapRequest[] {
  return buildCapRequests(run, { caps: listPingLimits(run), stepId: null, price: null });
}

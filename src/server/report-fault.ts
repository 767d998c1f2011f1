import type { Log } from '../observe/log.ts';
import type { Fault } from '../pipeline/phase.ts';

/** Logs a fault of a lead. Messages of faults may quote values, so only the kind and the place are logged. */
export function reportFault(log: Log, { leadId, where, error }: Fault): void {
  const stack =
    error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at ')) : [];
  log.error({ lead_id: leadId, where, cause: kindOf(error), stack }, 'an internal error in a lead');
}

/** The code or the name of an error: what may be logged of it. */
export function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

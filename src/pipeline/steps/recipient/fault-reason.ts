const REASON_MAX = 500;

/**
 * Why a module failed, for the step's event: what a module that lives elsewhere says about it (an own `reason`), else
 * the sentence given. Messages of our own faults are for the log, not for people.
 */
export function faultReason(error: unknown, otherwise: string): string {
  if (!(error instanceof Error) || !('reason' in error) || typeof error.reason !== 'string') return otherwise;
  return error.reason.slice(0, REASON_MAX) || otherwise;
}

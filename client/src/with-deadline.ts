import { SluiceError } from './sluice-error.ts';

/**
 * Runs a call with one signal for the caller's abort and for the time limit. Throws the reason of the caller's signal, or
 * a SluiceError `timed_out` when the time is over.
 */
export async function withDeadline<T>(
  limits: { signal?: AbortSignal | undefined; timeoutMs: number; request: string; changes: boolean },
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal, timeoutMs, request, changes } = limits;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await call(signal ? AbortSignal.any([signal, timeout]) : timeout);
  } catch (error) {
    if (error !== timeout.reason || !timeout.aborted) throw error;
    const doubt = changes ? ' The request may have been carried out.' : '';
    throw new SluiceError(`No answer came within ${timeoutMs} ms.${doubt}`, {
      status: null,
      code: 'timed_out',
      request,
    });
  }
}

import type { Metrics } from '../../observe/metrics.ts';
import { type ApiResult, answer } from '../api.ts';
import { apiError } from '../errors.ts';

export interface OperationDeps {
  /** Whether new leads should come here; by check `ok` or a sentence. */
  checkReadiness(): Promise<{ isReady: boolean; checks: Readonly<Record<string, string>> }>;
  metrics: Pick<Metrics, 'write' | 'contentType'>;
}

/** `GET /livez`: that the event loop turns. */
export async function readLiveness(_deps: OperationDeps): Promise<ApiResult> {
  return answer(200, { status: 'ok' });
}

/** `GET /readyz`: 200, or 503 with what is not well. */
export async function readReadiness({ checkReadiness }: OperationDeps): Promise<ApiResult> {
  const { isReady, checks } = await checkReadiness();
  if (isReady) return answer(200, { status: 'ready', checks });
  const problems = Object.entries(checks).flatMap(([path, message]) => (message === 'ok' ? [] : [{ path, message }]));
  return apiError('unavailable', 'No new leads should come to this server now; details says why.', problems);
}

/** `GET /metrics` */
export async function readMetrics({ metrics }: OperationDeps): Promise<ApiResult> {
  const text = await metrics.write();
  return { ...answer(200, text), plain: { type: metrics.contentType, text } };
}

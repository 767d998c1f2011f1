import type { Metrics } from '../../observe/metrics.ts';
import { type ApiResult, answer } from '../api.ts';
import { apiError } from '../errors.ts';
import type { RequestBrowser } from '../route.ts';

/** What `/readyz` and `/status` say to anybody: no addresses, nothing of the configuration. */
export interface ReadinessReport {
  isReady: boolean;
  /** `ok` or a sentence. */
  checks: Readonly<Record<string, string>>;
  /** The checks that fail; `since` in epoch ms. */
  problems: readonly { check: string; message: string; remedy: string; since: number }[];
}

export interface OperationDeps {
  /** Whether new leads should come here. */
  checkReadiness(): Promise<ReadinessReport>;
  /** Of this program. */
  version: string;
  processId: number;
  metrics: Pick<Metrics, 'write' | 'contentType'>;
}

/** `GET /livez`: that the event loop turns. */
export async function readLiveness(_deps: OperationDeps): Promise<ApiResult> {
  return answer(200, { status: 'ok' });
}

/** `GET /readyz`: 200, or 503 with what is not well. */
export async function readReadiness({ checkReadiness }: OperationDeps): Promise<ApiResult> {
  const { isReady, checks, problems } = await checkReadiness();
  if (isReady) return answer(200, { status: 'ready', checks });
  const details = problems.map(({ check, message }) => ({ path: check, message }));
  return apiError('unavailable', 'This server accepts no new leads now; details says why.', details);
}

/** `GET /status`: always 200, so that it can be read while something is wrong. */
export async function readStatus(
  { checkReadiness, version, processId }: OperationDeps,
  { browser }: { browser: RequestBrowser },
): Promise<ApiResult> {
  const { isReady, problems } = await checkReadiness();
  return answer(200, {
    product: 'sluice',
    version,
    status: isReady ? 'ok' : 'no_leads',
    ...(!isReady && problems[0] && { reason: problems[0].message }),
    problems: problems.map((problem) => ({ ...problem, since: new Date(problem.since).toISOString() })),
    // It means something on this machine only.
    ...(isLoopback(browser.ip) && { pid: processId }),
  });
}

function isLoopback(ip: string): boolean {
  return ip === '::1' || /^(::ffff:)?127\./.test(ip);
}

/** `GET /metrics` */
export async function readMetrics({ metrics }: OperationDeps): Promise<ApiResult> {
  const text = await metrics.write();
  return { ...answer(200, text), plain: { type: metrics.contentType, text } };
}

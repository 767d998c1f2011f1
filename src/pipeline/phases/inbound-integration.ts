import type { HttpAnswer } from '../../integrations/contract.ts';
import type { Result } from '../../lib/result.ts';
import { routeOf } from '../lead-run.ts';
import type { RunOf } from '../phase-access.ts';
import { PROCEED, stop, type Verdict } from '../verdict.ts';

/** The source's module turns the HTTP request into values, or answers the sender itself (spec modules b). */
export function inboundIntegration(run: RunOf<'inbound-integration'>): Verdict | Promise<Verdict> {
  const { source } = routeOf(run);
  if (!source.module) return stop('error', 'The integration of this source is not installed');
  const { request } = run.submission;
  const { redirectHosts } = source;
  const result = source.module.request(redirectHosts === null ? request : { ...request, redirectHosts });
  return result instanceof Promise ? result.then((later) => read(run, later)) : read(run, result);
}

function read(run: RunOf<'inbound-integration'>, result: Result<unknown, HttpAnswer>): Verdict {
  if (!result.ok) return { kind: 'answer', answer: result.error };
  run.parsed = result.value;
  return PROCEED;
}

import type { HttpAnswer } from '../../integrations/contract.ts';
import { isId, isShortId } from '../../lib/ids.ts';
import type { PhaseDeps } from '../phase.ts';
import type { RunOf } from '../phase-access.ts';
import { PROCEED, unavailable, type Verdict } from '../verdict.ts';

/**
 * Finds the flow and source of the URL and checks that the sender may use them. Refusals in this order (decision 13,
 * 16, 17): malformed id 400; unknown, deleted or never deployed 404; disabled source 403; authentication 401.
 */
export function authenticate(run: RunOf<'authenticate'>, deps: PhaseDeps): Verdict | Promise<Verdict> {
  const { flowId, sourceRef, authorization } = run.submission;
  if (!isId(flowId))
    return refuse(400, { error: 'The flow id in the URL must be 24 hexadecimal characters.', code: 'malformed_id' });
  if (!isId(sourceRef) && !isShortId(sourceRef)) {
    return refuse(400, { error: 'The source id in the URL must be 24 hexadecimal characters.', code: 'malformed_id' });
  }
  const found = deps.findFlow(flowId.toLowerCase());
  if (found.kind === 'stale') return unavailable('the configuration could not be confirmed');
  if (found.kind === 'missing')
    return refuse(404, { error: 'There is no such flow, or it has not been deployed.', code: 'not_found' });
  const { flow } = found;
  const source = flow.sources.get(isId(sourceRef) ? sourceRef.toLowerCase() : sourceRef);
  if (!source) return refuse(404, { error: 'The flow has no such source.', code: 'not_found' });
  if (!source.isEnabled) return refuse(403, { message: 'Source is disabled' });
  run.route = { flow, source };
  run.ctx.timeZone = flow.account.timeZone;
  if (!source.isAuthenticationRequired) return PROCEED;
  const sourceIds = [source.entityId, source.id];
  const guarded = { accountId: flow.account.id, flowId: flow.id, sourceIds, credentialId: source.credentialId };
  return deps.maySubmit(authorization, guarded).then((may) => (may ? PROCEED : UNAUTHORIZED));
}

function refuse(status: number, body: Record<string, string>): Verdict {
  return { kind: 'answer', answer: jsonAnswer(status, body) };
}

function jsonAnswer(status: number, body: Record<string, string>): HttpAnswer {
  return { status, headers: { 'Content-Type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) };
}

const UNAUTHORIZED: Verdict = refuse(401, { error: 'Unauthorized source' });

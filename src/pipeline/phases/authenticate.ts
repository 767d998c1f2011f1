import type { CompiledFlow, CompiledSource } from '../../flow-compiler/compiled-flow.ts';
import type { HttpAnswer } from '../../integrations/contract.ts';
import { isId, isShortId } from '../../lib/ids.ts';
import type { PhaseDeps } from '../phase.ts';
import type { RunOf } from '../phase-access.ts';
import { PROCEED, unavailable, type Verdict } from '../verdict.ts';

/**
 * Finds the flow and source of the URL and checks that the sender may use them. Refusals in this order (decision 13,
 * 16, 17): malformed id 400; unknown, deleted or never deployed 404; a ping that is not answered here 404; disabled
 * source 403; authentication 401.
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
  if (found.kind === 'missing') return { kind: 'answer', answer: FLOW_NOT_FOUND };
  const { flow } = found;
  const source = flow.sources.get(isId(sourceRef) ? sourceRef.toLowerCase() : sourceRef);
  if (!source) return refuse(404, { error: 'The flow has no such source.', code: 'not_found' });
  const pingRefusal = run.submission.isPing ? findPingRefusal(flow, source) : null;
  if (pingRefusal !== null) return pingRefusal;
  if (!source.isEnabled) return { kind: 'answer', answer: SOURCE_DISABLED };
  run.route = { flow, source };
  run.ctx.timeZone = flow.account.timeZone;
  if (!source.isAuthenticationRequired) return PROCEED;
  const sourceIds = [source.entityId, source.id];
  const guarded = { accountId: flow.account.id, flowId: flow.id, sourceIds, credentialId: source.credentialId };
  return deps
    .maySubmit(authorization, guarded)
    .then((may) => (may ? PROCEED : { kind: 'answer', answer: UNAUTHORIZED_SOURCE }));
}

/** Why pings are not answered at this URL, so that a sender knows whom to ask; null: they are. */
function findPingRefusal(flow: CompiledFlow, source: CompiledSource): Verdict | null {
  if (!flow.account.isPingEnabled) return PINGS_OFF.account;
  if (!flow.pings.isEnabled) return PINGS_OFF.flow;
  return source.module?.isPingable === true ? null : PINGS_OFF.module;
}

function refuse(status: number, body: Record<string, string>): Verdict {
  return { kind: 'answer', answer: jsonAnswer(status, body) };
}

function jsonAnswer(status: number, body: Record<string, string>): HttpAnswer {
  return { status, headers: { 'Content-Type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) };
}

const PINGS_OFF = {
  account: refuse(404, {
    error: 'Pings are switched off for the account of this flow: its lead_ping_enabled is false.',
    code: 'not_found',
  }),
  flow: refuse(404, { error: 'This flow does not answer pings: its ping_enabled is not true.', code: 'not_found' }),
  module: refuse(404, {
    error: 'This source does not answer pings: its integration cannot be pinged.',
    code: 'not_found',
  }),
} as const;

/** What a sender gets at the URL of a flow that does not run. */
export const FLOW_NOT_FOUND: HttpAnswer = jsonAnswer(404, {
  error: 'There is no such flow, or it has not been deployed.',
  code: 'not_found',
});

/** What a sender gets without a key that fits. */
export const UNAUTHORIZED_SOURCE: HttpAnswer = jsonAnswer(401, { error: 'Unauthorized source' });

/** What a sender gets from a source that is switched off. */
export const SOURCE_DISABLED: HttpAnswer = jsonAnswer(403, { message: 'Source is disabled' });

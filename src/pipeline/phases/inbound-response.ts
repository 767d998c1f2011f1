import type { HttpAnswer } from '../../integrations/contract.ts';
import { copyMembers } from '../../lib/copy-members.ts';
import { dollars } from '../../model/money.ts';
import type { Vars } from '../../model/vars.ts';
import { routeOf } from '../lead-run.ts';
import type { PhaseDeps } from '../phase.ts';
import type { RunOf } from '../phase-access.ts';
import { PROCEED, type Verdict } from '../verdict.ts';

/**
 * The source's module turns the outcome into the answer, in the format the sender asked for (spec modules b). A module
 * that is missing or fails must not keep the sender from its answer: then the standard JSON goes out.
 */
export function inboundResponse(run: RunOf<'inbound-response'>, deps: PhaseDeps): Verdict | Promise<Verdict> {
  const accept = (answer: HttpAnswer | null): Verdict => {
    run.answer = answer ?? standardAnswer(run);
    return PROCEED;
  };
  const failed = (error: unknown): Verdict => {
    deps.report({ leadId: run.leadId, where: 'inbound-response', error });
    return accept(null);
  };
  const { module, responseFields } = routeOf(run).source;
  try {
    const answer = module?.response(run.submission.request, responseVars(run), responseFields) ?? null;
    return answer instanceof Promise ? answer.then(accept, failed) : accept(answer);
  } catch (error) {
    return failed(error);
  }
}

function standardAnswer(run: RunOf<'inbound-response'>): HttpAnswer {
  const { outcome, reason, leadId } = run;
  const { isPing } = run.submission;
  const body = JSON.stringify({
    outcome,
    reason: reason ?? undefined,
    ...(isPing ? {} : { lead: { id: leadId } }),
    price: dollars(run.price),
  });
  return { status: isPing ? 200 : 201, headers: { 'Content-Type': 'application/json' }, body };
}

function responseVars(run: RunOf<'inbound-response'>): Vars {
  const vars = copyMembers(run.vars);
  vars['lead'] ??= { id: run.leadId };
  vars['outcome'] = run.outcome;
  vars['reason'] = run.reason ?? undefined;
  vars['price'] = dollars(run.price);
  vars['appended'] = run.appended;
  return vars;
}

import type { HttpAnswer } from '../../integrations/contract.ts';
import { dollars } from '../../model/money.ts';
import type { Vars } from '../../model/vars.ts';
import { type LeadRun, routeOf } from '../lead-run.ts';
import type { PhaseDeps } from '../phase.ts';
import { PROCEED, type Verdict } from '../verdict.ts';

/**
 * The source's module turns the outcome into the answer, in the format the sender asked for (spec modules b). A module
 * that is missing or fails must not keep the lead from being told: then the standard JSON goes out.
 */
export function inboundResponse(run: LeadRun, deps: PhaseDeps): Verdict {
  run.answer = moduleAnswer(run, deps) ?? standardAnswer(run);
  return PROCEED;
}

function moduleAnswer(run: LeadRun, deps: PhaseDeps): HttpAnswer | null {
  const { module, responseFields } = routeOf(run).source;
  try {
    return module?.response(run.submission.request, responseVars(run), responseFields) ?? null;
  } catch (error) {
    deps.report({ leadId: run.leadId, where: 'inbound-response', error });
    return null;
  }
}

function standardAnswer(run: LeadRun): HttpAnswer {
  const { outcome, reason, leadId } = run;
  const body = JSON.stringify({
    outcome,
    reason: reason ?? undefined,
    lead: { id: leadId },
    price: dollars(run.price),
  });
  return { status: 201, headers: { 'Content-Type': 'application/json' }, body };
}

function responseVars(run: LeadRun): Vars {
  return {
    ...run.vars,
    lead: run.vars['lead'] ?? { id: run.leadId },
    outcome: run.outcome,
    reason: run.reason ?? undefined,
    price: dollars(run.price),
    appended: run.appended,
  };
}

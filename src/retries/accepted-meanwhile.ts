import type { EventRecord } from '../events/event-store.ts';
import type { CompiledFlow } from '../flow-compiler/compiled-flow.ts';
import type { EvaluationContext } from '../model/vars.ts';
import { findAlternatives, type VarsBefore } from '../pipeline/find-alternatives.ts';

/** A step that has accepted a lead, or may have. */
export interface Accepted {
  stepId: string;
  /** As its recipient is called. */
  name: string;
  /** false: it may have arrived there or not. */
  isKnown: boolean;
}

/**
 * What keeps a delivery from being tried again (decision 47): an alternative of its step that has accepted the lead since,
 * or a step whose alternative it is itself. One that surely accepted comes before one that may have. undefined: nothing.
 * `flow` is the one the lead ran on.
 */
export function acceptedMeanwhile(
  flow: CompiledFlow,
  {
    stepId,
    events,
    varsBefore,
    ctx,
  }: { stepId: string; events: readonly EventRecord[]; varsBefore: VarsBefore; ctx: EvaluationContext },
): Accepted | undefined {
  const found = flow.steps.flatMap((step): Accepted[] => {
    if (step.kind !== 'recipient' || step.id === stepId) return [];
    const acceptance = findAcceptance(step.id, events);
    return acceptance === 'no' ? [] : [{ stepId: step.id, name: step.entityName, isKnown: acceptance === 'yes' }];
  });
  const own = soldByDistribution(flow, { stepId, found });
  if (own) return own;
  const excluding = found.filter((accepted) => {
    const [earlier, later] = inOrder(flow, [stepId, accepted.stepId]);
    return findAlternatives(flow, { stepId: earlier, varsBefore, ctx }).includes(later);
  });
  return excluding.find(({ isKnown }) => isKnown) ?? excluding[0];
}

/**
 * Of a recipient of a distribution, another one whose sale leaves no room for this one's: an exclusive one, any where one
 * of the two wants the lead alone, or the last that `max_sales` allows.
 */
function soldByDistribution(
  flow: CompiledFlow,
  { stepId, found }: { stepId: string; found: readonly Accepted[] },
): Accepted | undefined {
  const candidacyOf = (id: string) => {
    const step = flow.steps.find((each) => each.id === id);
    return step?.kind === 'recipient' ? step.candidacy : null;
  };
  const own = candidacyOf(stepId);
  if (!own) return undefined;
  const others = found.filter((accepted) => candidacyOf(accepted.stepId)?.distribution === own.distribution);
  const excluding = own.isExclusive
    ? others
    : others.filter((other) => candidacyOf(other.stepId)?.isExclusive === true);
  const full = (sold: readonly Accepted[]) => (sold.length >= own.distribution.maxSales ? sold : []);
  const known = others.filter(({ isKnown }) => isKnown);
  return [...excluding.filter(({ isKnown }) => isKnown), ...full(known), ...excluding, ...full(others)][0];
}

function inOrder(flow: CompiledFlow, [a, b]: [string, string]): [string, string] {
  const placeOf = (stepId: string) => flow.steps.findIndex(({ id }) => id === stepId);
  return placeOf(a) < placeOf(b) ? [a, b] : [b, a];
}

/** Of one step by its events, later attempts and resolutions included: what follows an unknown one decides. */
function findAcceptance(stepId: string, events: readonly EventRecord[]): 'yes' | 'perhaps' | 'no' {
  let acceptance: 'perhaps' | 'no' = 'no';
  for (const event of events) {
    if (event.stepId !== stepId || (event.type !== 'recipient' && event.type !== 'retry')) continue;
    if (event.outcome === 'success') return 'yes';
    if (event.facts.unknown) acceptance = 'perhaps';
    else if (event.outcome === 'failure') acceptance = 'no';
  }
  return acceptance;
}

import type { FlowDocument, RecipientStep } from '../model/flow.ts';
import type { FlowTargets } from '../model/flow-targets.ts';
import type { Problem } from '../model/problem.ts';
import type { LintContext } from './lint-context.ts';

/** Flows looked at for one warning: more in a row than a lead may pass, and a bound for an installation of many. */
const FLOWS_MAX = 1_000;
const FLOW_MODULE = 'sluice.outbound.flow';

/** Deliveries by which a lead of this flow could come back to it: the lead is not sent there (decision page 0089). */
export function flowsInACircle({ document, surroundings }: LintContext): Problem[] {
  const { flowTargets, flowId: ownId = document.id?.toLowerCase() } = surroundings;
  if (!flowTargets || ownId === undefined) return [];
  return listFlowTargets(document, flowTargets).flatMap(({ path, flowId }) => {
    const way = findWay(flowId, { to: ownId, flowTargets });
    if (way === null) return [];
    const message = `A lead may come back to this flow (${[ownId, ...way].join(' > ')}): then it is not sent there.`;
    return [{ path, message }];
  });
}

/** The flows that a document delivers to by what is written out in its mappings, with the path of each mapping. */
export function listFlowTargets(
  { steps }: Pick<FlowDocument, 'steps'>,
  { ofUrl }: Pick<FlowTargets, 'ofUrl'>,
): { path: string; flowId: string }[] {
  return steps.flatMap((step, index) => {
    const path = `steps.${index}`;
    if (step.type === 'recipient') return targetsOf(step, { path, ofUrl });
    if (step.type !== 'distribution') return [];
    return step.recipients.flatMap((each, place) => targetsOf(each, { path: `${path}.recipients.${place}`, ofUrl }));
  });
}

function targetsOf(
  { integration, enabled }: Pick<RecipientStep, 'integration' | 'enabled'>,
  { path, ofUrl }: { path: string; ofUrl: FlowTargets['ofUrl'] },
): { path: string; flowId: string }[] {
  if (enabled === false) return [];
  const name = integration.module_id === FLOW_MODULE ? 'flow_id' : 'url';
  return integration.mappings.flatMap(({ property, value }, index) => {
    if (property !== name || typeof value !== 'string' || value.includes('{{')) return [];
    const flowIds = name === 'flow_id' ? [value.trim().toLowerCase()] : ofUrl(value.trim());
    return flowIds.map((flowId) => ({ path: `${path}.integration.mappings.${index}.value`, flowId }));
  });
}

/** The flows from one to another, both included, breadth first; null: there is no way. */
function findWay(from: string, { to, flowTargets }: { to: string; flowTargets: FlowTargets }): string[] | null {
  const before = new Map<string, string | null>([[from, null]]);
  for (const flowId of before.keys()) {
    if (flowId === to) return traceBack(flowId, before);
    if (before.size > FLOWS_MAX) return null;
    for (const next of flowTargets.ofRunning(flowId)) if (!before.has(next)) before.set(next, flowId);
  }
  return null;
}

function traceBack(end: string, before: ReadonlyMap<string, string | null>): string[] {
  const way: string[] = [];
  for (let flowId: string | null | undefined = end; flowId; flowId = before.get(flowId)) way.unshift(flowId);
  return way;
}

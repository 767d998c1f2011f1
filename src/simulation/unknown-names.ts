import type { CompiledFlow } from '../flow-compiler/compiled-flow.ts';
import { flowLimits } from '../flows/flow-limits.ts';
import type { Problem } from '../model/problem.ts';
import type { Simulation } from './simulation.ts';

/** Warnings for caps, steps and checks that the flow does not have: most likely a mistake. */
export function unknownNames(flow: CompiledFlow, { caps, answers, lists, prices }: Simulation): Problem[] {
  const capIds = new Set(flowLimits(flow.document).map(({ limit }) => limit.id));
  const recipients = [...flow.steps, ...flow.destinations].flatMap((step) => {
    if (step.kind !== 'recipient') return [];
    const bid = step.candidacy?.bid;
    return bid ? [step.id, step.key, bid.id, `${step.key}.bid`] : [step.id, step.key];
  });
  const checks: string[] = flow.listChecks.map(({ name }) => name);
  return [
    ...listUnknown('lists', { names: lists, known: checks, message: 'The flow has no such list check.' }),
    ...listUnknown('caps', {
      names: [...caps.keys()],
      known: [...capIds],
      message: 'The flow has no cap with this id.',
    }),
    ...listUnknown('answers', {
      names: [...answers.keys()],
      known: recipients,
      message: 'The flow has no recipient step or destination with this id or key.',
    }),
    ...listUnknown('prices', {
      names: [...prices.keys()],
      known: [...flow.pricingServices.keys()],
      message: 'The flow names no pricing service with this id.',
    }),
  ];
}

function listUnknown(
  property: string,
  { names, known, message }: { names: readonly string[]; known: readonly (string | undefined)[]; message: string },
): Problem[] {
  return names.filter((name) => !known.includes(name)).map((name) => ({ path: `${property}.${name}`, message }));
}

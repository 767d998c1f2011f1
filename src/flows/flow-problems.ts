import { finish, type Sliced } from '../lib/slices.ts';
import { listDeliverySteps } from '../model/delivery-steps.ts';
import type { FlowDocument } from '../model/flow.ts';
import type { Problem } from '../model/problem.ts';
import { flowLimits } from './flow-limits.ts';
import { blockOf, type ParsedFlow } from './parse-flow-document.ts';
import { unknownNames } from './unknown-names.ts';

/**
 * Everything that keeps a flow from running (decision 39): faults of its blocks first, names that are nearly known ones
 * (decision 49), then what compiling finds.
 */
export function flowProblems(parsed: ParsedFlow, found: readonly Problem[]): Problem[] {
  return finish(flowProblemsInSlices(parsed, found));
}

/** The same as work that pauses between its passes. */
export function* flowProblemsInSlices(parsed: ParsedFlow, found: readonly Problem[]): Sliced<Problem[]> {
  yield;
  const cuts = new Set(parsed.faults.map((fault) => (blockOf(fault.path) ?? []).join('.')));
  // Inside a block that was left out, compiling sees only the gap.
  const seen = found.filter(({ path }) => ![...cuts].some((cut) => path === cut || path.startsWith(`${cut}.`)));
  yield;
  const { misspelt } = yield* unknownNames(parsed.document);
  yield;
  return [...parsed.faults, ...misspelt, ...repeatedIds(parsed.sound), ...seen];
}

/** The `errors` of a flow on the wire: path → sentences, joined by a space; null when there are none. */
export function errorsOfProblems(problems: readonly Problem[]): Record<string, string> | null {
  if (problems.length === 0) return null;
  const sentences = new Map<string, string>();
  for (const { path, message } of problems) {
    const before = sentences.get(path);
    sentences.set(path, before === undefined ? message : `${before} ${message}`);
  }
  return Object.fromEntries(sentences);
}

/** Two caps with one id would share one counter, two steps one history, two sources one address. */
function repeatedIds(document: FlowDocument): Problem[] {
  return [
    ...repeatsIn(
      'cap or ping limit',
      flowLimits(document).map(({ path, limit }) => ({ path, id: limit.id })),
    ),
    ...repeatsIn(
      'source',
      document.sources.map(({ id }, index) => ({ path: `sources.${index}`, id })),
    ),
    ...repeatsIn('step', [
      ...document.steps.map(({ id }, index) => ({ path: `steps.${index}`, id })),
      // Those that are steps themselves are among the steps already.
      ...listDeliverySteps(document)
        .filter(({ path, index }) => path !== `steps.${index}`)
        .map(({ path, step }) => ({ path, id: step.id })),
    ]),
  ];
}

function repeatsIn(kind: string, members: readonly { path: string; id: string | undefined }[]): Problem[] {
  const met = new Set<string>();
  return members.flatMap(({ path, id }) => {
    if (id === undefined || !met.has(id)) {
      if (id !== undefined) met.add(id);
      return [];
    }
    return [
      { path: `${path}.id`, message: `Another ${kind} of this flow has this id: leave it out to get a new one.` },
    ];
  });
}

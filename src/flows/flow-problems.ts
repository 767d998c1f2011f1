import { listUrlName } from '../lists/list-url-name.ts';
import type { Account } from '../model/entity.ts';
import type { Field } from '../model/field.ts';
import { type FlowDocument, LIST_CHECK_NAMES } from '../model/flow.ts';
import type { Problem } from '../model/problem.ts';
import { flowLimits } from './flow-limits.ts';
import { blockOf, type ParsedFlow } from './parse-flow-document.ts';

/** What a flow may name beside itself. */
export interface FlowSurroundings {
  account: Account;
  customFields: readonly Field[];
}

/** What keeps a well-formed flow from running, found by compiling it. */
export type FindProblems = (document: FlowDocument, surroundings: FlowSurroundings) => Problem[];

/** Everything that keeps a flow from running (decision 39): faults of its blocks first, then what compiling finds. */
export function flowProblems(parsed: ParsedFlow, found: readonly Problem[]): Problem[] {
  const cuts = new Set(parsed.faults.map((fault) => (blockOf(fault.path) ?? []).join('.')));
  // Inside a block that was left out, compiling sees only the gap.
  const seen = found.filter(({ path }) => ![...cuts].some((cut) => path === cut || path.startsWith(`${cut}.`)));
  return [...parsed.faults, ...repeatedLimitIds(parsed.sound), ...namelessLists(parsed.sound), ...seen];
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

/** Two caps with one id would share one counter. */
function repeatedLimitIds(document: FlowDocument): Problem[] {
  const seen = new Set<string>();
  return flowLimits(document).flatMap(({ path, limit }) => {
    if (limit.id === undefined || !seen.has(limit.id)) {
      if (limit.id !== undefined) seen.add(limit.id);
      return [];
    }
    return [
      {
        path: `${path}.id`,
        message: 'Is the id of another cap or ping limit of this flow; leave it out to get a new one.',
      },
    ];
  });
}

/** A list is found by its url name, so there must be something left to make one of. */
function namelessLists(document: FlowDocument): Problem[] {
  return LIST_CHECK_NAMES.flatMap((name) => {
    const check = document.list_checks?.[name];
    if (!check || listUrlName(check.list_name) !== '') return [];
    return [{ path: `list_checks.${name}.list_name`, message: 'Must hold a letter from a to z or a digit.' }];
  });
}

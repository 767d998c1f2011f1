import { Compile } from 'typebox/compile';
import { System } from 'typebox/system';
import { fail, ok, type Result } from '../lib/result.ts';
import { finish, type Sliced } from '../lib/slices.ts';
import type { FlowDocument } from '../model/flow.ts';
import type { Problem } from '../model/problem.ts';
import { buildShapeSchema } from './build-flow-schema.ts';
import { isDeeperThan, isJsonObject, type JsonObject, withoutNulls } from './flow-json.ts';
import { problemsOfFaults } from './shape-sentences.ts';
import { unknownNames } from './unknown-names.ts';

/** Rule sets may nest 32 deep (decision 40), each level taking up to three levels of JSON. */
const LEVELS_MAX = 128;
/** Past this the document is not a flow with faults but something else. */
const FAULTS_MAX = 1_000;
const DETAILS_MAX = 100;
/** Cutting one block can bring out no new fault but its absence, which the second pass cuts around. */
const CUTS_MAX = 4;

// The checker stops at 8 faults otherwise, and the sound part must be rid of all of them.
System.Settings.Set({ maxErrors: FAULTS_MAX });

const checker = Compile(buildShapeSchema());

export interface ParsedFlow {
  /** As it was brought, null properties and unknown ones included. */
  document: JsonObject;
  /** The same without nulls and without the blocks that have faults: what can be compiled. */
  sound: FlowDocument;
  /** What is wrong inside the optional blocks. */
  faults: Problem[];
}

/**
 * Reads a Flow document. A fault in its frame (name, enabled, fields, sources, steps and what they are made of) makes it
 * malformed, and the answer lists what to correct. A fault inside one of the optional blocks does not: the flow
 * can be saved and the fault is listed, which is how the sample documents of seeds 003 and 004 save (decision 39).
 */
export function parseFlowDocument(body: unknown): Result<ParsedFlow, Problem[]> {
  return finish(parseInSlices(body));
}

/** Documents are never changed, so one that was read stays read: from the save to its answer, from the look to the deploy. */
const known = new WeakMap<JsonObject, Result<ParsedFlow, Problem[]>>();

/** The same as work that pauses between its passes. */
export function* parseInSlices(body: unknown): Sliced<Result<ParsedFlow, Problem[]>> {
  if (!isJsonObject(body)) return fail([{ path: '', message: 'Must be a flow: an object.' }]);
  const parsed = known.get(body) ?? (yield* parseFresh(body));
  known.set(body, parsed);
  return parsed;
}

/**
 * The completed document of a flow that was read already. Where that had no fault, it is not looked through again: what
 * the server added to it is well-formed.
 */
export function* parseCompleted(read: ParsedFlow, completed: JsonObject): Sliced<Result<ParsedFlow, Problem[]>> {
  if (read.faults.length > 0) return yield* parseInSlices(completed);
  yield;
  const parsed = ok({ document: completed, sound: asFlowDocument(yield* withoutNulls(completed)), faults: [] });
  known.set(completed, parsed);
  return parsed;
}

function* parseFresh(body: JsonObject): Sliced<Result<ParsedFlow, Problem[]>> {
  yield;
  if (isDeeperThan(body, LEVELS_MAX)) return fail([{ path: '', message: 'The value is nested too deeply.' }]);
  yield;
  let rest = yield* withoutNulls(body);
  const faults: Problem[] = [];
  for (let cut = 0; cut <= CUTS_MAX; cut += 1) {
    yield;
    // The compiled checker has just said that it is one; null properties are gone, which the type allows.
    if (checker.Check(rest)) return ok({ document: body, sound: asFlowDocument(rest), faults });
    const found = problemsOfFaults(checker.Errors(rest));
    const [frame, inBlocks] = partition(found);
    if (frame.length > 0 || found.length >= FAULTS_MAX) {
      // What is missing may be there under a misspelt name.
      return fail([...frame, ...(yield* unknownNames(body)).misspelt, ...inBlocks].slice(0, DETAILS_MAX));
    }
    faults.push(...found);
    for (const problem of found) rest = withoutBlock(rest, blockOf(problem.path) ?? []);
  }
  return fail(faults.slice(0, DETAILS_MAX));
}

/**
 * The optional blocks, and what stands in for one that is left out: `undefined` for nothing. A filter and acceptance
 * criteria must have rules, an integration must have mappings.
 */
const BLOCKS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['rule_set', { op: 'and', rules: [] }],
  ['mappings', []],
  ['acceptance_criteria', undefined],
  ['caps', undefined],
  ['ping_limits', undefined],
  ['pricing', undefined],
  ['pricing_service', undefined],
  ['list_checks', undefined],
  ['lookback', undefined],
  ['hours_of_operation', undefined],
  ['destinations', undefined],
  ['firehose', undefined],
  ['feedback', undefined],
]);

/** The path of the innermost block a fault lies in. */
export function blockOf(path: string): string[] | undefined {
  const segments = path.split('.');
  const last = segments.findLastIndex((segment) => BLOCKS.has(segment));
  return last === -1 ? undefined : segments.slice(0, last + 1);
}

function partition(problems: readonly Problem[]): [frame: Problem[], inBlocks: Problem[]] {
  return [
    problems.filter(({ path }) => blockOf(path) === undefined),
    problems.filter(({ path }) => blockOf(path) !== undefined),
  ];
}

function withoutBlock(value: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(value)) {
    return value.map((member, index) => (String(index) === key ? withoutBlock(member, rest) : member));
  }
  if (!isJsonObject(value)) return value;
  // Another fault of the same block may have cut it already.
  if (rest.length > 0 && !Object.hasOwn(value, key)) return value;
  if (rest.length > 0) return { ...value, [key]: withoutBlock(value[key], rest) };
  const { [key]: _cut, ...others } = value;
  const substitute = BLOCKS.get(key);
  return substitute === undefined ? others : { ...others, [key]: substitute };
}

function asFlowDocument(checked: unknown): FlowDocument {
  // The schema is the type's twin: the checker has looked at every property the type names.
  return checked as FlowDocument;
}

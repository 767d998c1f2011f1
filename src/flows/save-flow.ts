import type { FindProblems, FlowSurroundings } from '../flow-compiler/flow-compiler.ts';
import { assert } from '../lib/assert.ts';
import type { Clock } from '../lib/clock.ts';
import { type Ids, isId } from '../lib/ids.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { finish, type RunSliced } from '../lib/slices.ts';
import type { Problem } from '../model/problem.ts';
import { completeInSlices } from './complete-flow-document.ts';
import { isJsonObject, type JsonObject } from './flow-json.ts';
import { errorsOfProblems, flowProblemsInSlices } from './flow-problems.ts';
import type { Draft, FlowRecord, FlowStore, Revision, StaleRevision } from './flow-store.ts';
import { type ParsedFlow, parseCompleted, parseInSlices } from './parse-flow-document.ts';

export interface SaveDeps {
  flows: FlowStore;
  findProblems: FindProblems;
  runSliced: RunSliced;
  clock: Clock;
  ids: Ids;
}

export type SaveFailure =
  | { kind: 'malformed'; problems: Problem[] }
  /** The chosen id belongs to a flow, perhaps one of another account or a deleted one. */
  | { kind: 'id-taken'; flowId: string }
  | { kind: 'not-found'; flowId: string }
  | StaleRevision;

/**
 * Saves a new flow with the id its document gives, or a new id. Leads are not touched by it: that takes a deploy.
 * What keeps the flow from running is saved with it as `errors` (decision 39).
 */
export async function createFlow(
  deps: SaveDeps,
  request: { surroundings: FlowSurroundings; body: unknown },
): Promise<Result<FlowRecord, SaveFailure>> {
  const given = givenId(request.body);
  const saved = await saveAll(deps, {
    surroundings: request.surroundings,
    wanted: [{ body: request.body, flowId: given ?? deps.ids.next(), mode: 'create' }],
  });
  return only(saved);
}

/**
 * Saves the next revision of a flow. Every revision is kept. A `revision` in the body, and each of `expected`, must be the
 * saved one (decision 50).
 */
export async function replaceFlow(
  deps: SaveDeps,
  request: { surroundings: FlowSurroundings; flowId: string; body: unknown; expected: readonly number[] },
): Promise<Result<FlowRecord, SaveFailure>> {
  const given = givenId(request.body);
  if (given !== undefined && given !== request.flowId) {
    const message = `The id differs from the one in the URL, ${request.flowId}: leave it out or use that one.`;
    return fail({ kind: 'malformed', problems: [{ path: 'id', message }] });
  }
  const saved = await saveAll(deps, {
    surroundings: request.surroundings,
    wanted: [{ body: request.body, flowId: request.flowId, mode: 'replace', expected: request.expected }],
  });
  return only(saved);
}

/** What is to be saved under which id. */
export interface WantedFlow {
  body: unknown;
  flowId: string;
  mode: Draft['mode'];
  /** Beside the `revision` of the body. */
  expected?: readonly number[];
}

export type BatchFailure = { failure: SaveFailure; index: number };

/** Saves several flows in one transaction, or none; the first failure is returned with its place. */
export async function saveAll(
  deps: SaveDeps,
  request: { surroundings: FlowSurroundings; wanted: readonly WantedFlow[] },
): Promise<Result<FlowRecord[], BatchFailure>> {
  const now = deps.clock.now();
  const drafts: Draft[] = [];
  for (const [index, wanted] of request.wanted.entries()) {
    const parsed = await deps.runSliced(parseInSlices(wanted.body));
    if (!parsed.ok) return fail({ failure: { kind: 'malformed', problems: parsed.error }, index });
    drafts.push(await buildDraft(deps, { wanted, read: parsed.value, now, surroundings: request.surroundings }));
  }
  const saved = await deps.flows.save({ accountId: request.surroundings.account.id, now, drafts });
  if (saved.ok) return saved;
  const { index, ...refusal } = saved.error;
  const flowId = drafts[index]?.flowId ?? '';
  return fail({ failure: refusal.kind === 'stale' ? refusal : { kind: refusal.kind, flowId }, index });
}

/** A form the shape has let through: a number, null or nothing. */
function givenRevision({ revision }: JsonObject): number[] {
  return typeof revision === 'number' ? [revision] : [];
}

/** What to do about it, for the caller. */
export function sentenceOfStale({ given, saved }: StaleRevision): string {
  return `The saved revision of the flow is ${saved}, and the request changes revision ${given}: read the flow again and repeat the change, or leave the revision out to overwrite it.`;
}

/** The id a document gives for its flow, in lower case as all ids are kept; undefined: none of the right form. */
export function givenId(body: unknown): string | undefined {
  const id = isJsonObject(body) ? body['id'] : undefined;
  return typeof id === 'string' && isId(id) ? id.toLowerCase() : undefined;
}

/**
 * What is to be saved, looked through before the flow is locked, because that may take seconds. Only ids and instants
 * depend on the revision it follows: where another one was saved meanwhile, they are given anew.
 */
async function buildDraft(
  deps: SaveDeps,
  request: { wanted: WantedFlow; read: ParsedFlow; now: number; surroundings: FlowSurroundings },
): Promise<Draft> {
  const { wanted, read, now, surroundings } = request;
  const { flowId, mode, expected = [] } = wanted;
  const complete = (previous: FlowRecord | null) =>
    completeInSlices(read.document, {
      ids: deps.ids,
      now,
      previous: previous?.document ?? null,
      entityNames: surroundings.entities,
    });
  const follows = mode === 'create' ? null : await deps.flows.find({ accountId: surroundings.account.id, flowId });
  const document = await deps.runSliced(complete(follows));
  const parsed = await deps.runSliced(parseCompleted(read, document));
  const errors = errorsOfProblems(parsed.ok ? await findFlowProblems(deps, parsed.value, surroundings) : parsed.error);
  const revise = (previous: FlowRecord | null): Revision =>
    previous?.revision === follows?.revision ? { document, errors } : { document: finish(complete(previous)), errors };
  return { flowId, mode, revise, expected: [...expected, ...givenRevision(read.document)] };
}

export type ProblemsDeps = Pick<SaveDeps, 'findProblems' | 'runSliced'>;

/** What keeps a flow from running (decision 39). */
export async function findFlowProblems(
  { findProblems, runSliced }: ProblemsDeps,
  parsed: ParsedFlow,
  surroundings: FlowSurroundings,
): Promise<Problem[]> {
  return runSliced(flowProblemsInSlices(parsed, await findProblems(parsed.sound, surroundings)));
}

/** The same of a flow as it is stored; one that this version of the program cannot read is not compiled. */
export async function findStoredProblems(
  deps: ProblemsDeps,
  document: JsonObject,
  surroundings: FlowSurroundings,
): Promise<Problem[]> {
  const parsed = await deps.runSliced(parseInSlices(document));
  return parsed.ok ? findFlowProblems(deps, parsed.value, surroundings) : parsed.error;
}

function only(saved: Result<FlowRecord[], BatchFailure>): Result<FlowRecord, SaveFailure> {
  if (!saved.ok) return fail(saved.error.failure);
  const [flow] = saved.value;
  assert(flow !== undefined, 'a batch of one flow saves one');
  return ok(flow);
}

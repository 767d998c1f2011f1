import type { FlowSurroundings } from '../flow-compiler/flow-compiler.ts';
import { fail, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import type { FlowRecord } from './flow-store.ts';
import { givenId, type SaveDeps, type SaveFailure, saveAll, sentenceOfStale, type WantedFlow } from './save-flow.ts';

/** One request saves at most so many flows: they are locked together. */
const FLOWS_MAX = 1_000;

/**
 * Saves an array of complete flows with ids in one transaction, or none of them (decision 42). A flow that is not
 * there yet is made; flows the array does not name are left alone. Problems carry the index: `0.name`.
 */
export async function replaceAllFlows(
  deps: SaveDeps,
  request: { surroundings: FlowSurroundings; body: unknown },
): Promise<Result<FlowRecord[], { kind: 'malformed' | 'stale'; problems: Problem[] }>> {
  const { body, surroundings } = request;
  if (!Array.isArray(body)) return malformed([{ path: '', message: 'Must be a list of flows.' }]);
  if (body.length > FLOWS_MAX) {
    return malformed([{ path: '', message: `Must not have more than ${FLOWS_MAX} flows.` }]);
  }
  const ids = body.map(givenId);
  const wrong = ids.flatMap((id, index) => idProblems(id, { index, isFirst: ids.indexOf(id) === index }));
  if (wrong.length > 0) return malformed(wrong);
  const wanted = body.map(
    (flow: unknown, index): WantedFlow => ({
      body: flow,
      flowId: ids[index] ?? '',
      mode: 'either',
    }),
  );
  const saved = await saveAll(deps, { surroundings, wanted });
  if (saved.ok) return saved;
  const { failure, index } = saved.error;
  if (failure.kind !== 'stale') return malformed(problemsOfFailure(failure, index));
  return fail({ kind: 'stale', problems: [{ path: `${index}.revision`, message: sentenceOfStale(failure) }] });
}

function malformed(problems: Problem[]) {
  return fail({ kind: 'malformed' as const, problems });
}

function idProblems(id: string | undefined, place: { index: number; isFirst: boolean }): Problem[] {
  const path = `${place.index}.id`;
  if (id === undefined) return [{ path, message: 'Is required: 24 hexadecimal characters.' }];
  return place.isFirst ? [] : [{ path, message: 'The list has this id twice.' }];
}

function problemsOfFailure(failure: SaveFailure, index: number): Problem[] {
  if (failure.kind === 'malformed') {
    return failure.problems.map(({ path, message }) => ({
      path: path === '' ? `${index}` : `${index}.${path}`,
      message,
    }));
  }
  return [{ path: `${index}.id`, message: 'The flow with this id was deleted or belongs to another account.' }];
}

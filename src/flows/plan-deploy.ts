import { counterIdOfCap } from '../caps/cap-units.ts';
import { capWindowAt } from '../caps/cap-window.ts';
import { changeOfCap } from '../caps/generation.ts';
import type { FlowSurroundings } from '../flow-compiler/flow-compiler.ts';
import { assert, unreachable } from '../lib/assert.ts';
import type { Ids } from '../lib/ids.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Cap, PingLimit } from '../model/cap.ts';
import type { FlowDocument } from '../model/flow.ts';
import type { Problem } from '../model/problem.ts';
import type { JsonObject } from './flow-json.ts';
import { type FlowLimit, flowLimits } from './flow-limits.ts';
import type { CapCarry, DeployPlan, DeployState } from './flow-store.ts';
import { namedLists } from './named-lists.ts';
import { parseFlowDocument } from './parse-flow-document.ts';

export interface PlanContext {
  surroundings: FlowSurroundings;
  /** Epoch ms. */
  now: number;
  ids: Ids;
}

/** What a deploy does beside naming the revision: counters of edited caps, lists that must be there. Pure. */
export function planDeploy(state: DeployState, context: PlanContext): Result<DeployPlan, Problem[]> {
  const document = soundDocument(state.saved.document);
  const limits = flowLimits(document);
  const taken = limits.flatMap((limit) => takenIdProblem(limit, state.takenCapIds));
  if (taken.length > 0) return fail(taken);
  const edits = limits.map(({ limit }) => planLimit(limit, state, context));
  return ok({
    capGenerations: Object.fromEntries(edits.map(({ capId, generation }) => [capId, generation])),
    carries: edits.flatMap(({ carry }) => carry ?? []),
    changedCounterIds: edits.flatMap(({ changedCounterId }) => changedCounterId ?? []),
    lists: namedLists(document, context),
  });
}

/** A counter belongs to its cap's id, so a flow copied with its ids would count on the original's counters. */
function takenIdProblem({ path, limit }: FlowLimit, taken: DeployState['takenCapIds']): Problem[] {
  const flowName = limit.id === undefined ? undefined : taken.get(limit.id);
  if (flowName === undefined) return [];
  const message = `A cap or ping limit of the flow ${flowName} has this id: leave it out to get a new one.`;
  return [{ path: `${path}.id`, message }];
}

interface LimitPlan {
  capId: string;
  generation: number;
  carry: CapCarry | null;
  /** null: its maximum and its windows are as before, or its count starts again. */
  changedCounterId: string | null;
}

/**
 * The generation of a cap's counter (decision 10). A reset takes the revision's number, which is greater than every
 * generation the flow gave before: so also a cap that was removed and comes back starts at nothing.
 */
function planLimit(limit: Cap | PingLimit, state: DeployState, context: PlanContext): LimitPlan {
  assert(limit.id !== undefined, 'a saved cap has an id');
  const capId = limit.id;
  const running = runningLimit(state, capId);
  const reset = { capId, generation: state.saved.revision, carry: null, changedCounterId: null };
  if (!running) return reset;
  const { generation } = running;
  const [before, after] = [asCap(running.limit), asCap(limit)];
  const change = changeOfCap(before, after);
  const counterId = counterIdOfCap({ id: capId, type: after.type });
  switch (change) {
    case 'keep':
      return { capId, generation, carry: null, changedCounterId: before.maximum === after.maximum ? null : counterId };
    case 'reset':
      return reset;
    case 'carry': {
      const carry = planCarry({ before, after, counterId, generation }, context);
      return { capId, generation, carry, changedCounterId: counterId };
    }
    default:
      return unreachable(change);
  }
}

function runningLimit(
  { deployed }: DeployState,
  capId: string,
): { limit: Cap | PingLimit; generation: number } | undefined {
  if (!deployed || !Object.hasOwn(deployed.capGenerations, capId)) return undefined;
  const found = flowLimits(soundDocument(deployed.document)).find(({ limit }) => limit.id === capId);
  const generation = deployed.capGenerations[capId];
  return found && generation !== undefined ? { limit: found.limit, generation } : undefined;
}

/** A ping limit counts as a cap without rules does. */
function asCap(limit: Cap | PingLimit): Cap {
  return 'type' in limit ? limit : { ...limit, type: 'volume' };
}

function planCarry(
  edit: { before: Cap; after: Cap; counterId: string; generation: number },
  { surroundings, now }: PlanContext,
): CapCarry {
  const { timeZone } = surroundings.account;
  const from = capWindowAt(edit.before, now, timeZone);
  const to = capWindowAt(edit.after, now, timeZone);
  return {
    counterId: edit.counterId,
    generation: edit.generation,
    fromStartsAt: from.startsAt,
    toStartsAt: to.startsAt,
    toEndsAt: to.endsAt,
  };
}

function soundDocument(document: JsonObject): FlowDocument {
  const parsed = parseFlowDocument(document);
  assert(parsed.ok, 'only well-formed flows are saved');
  return parsed.value.sound;
}

import { maySeeValues, type Principal } from '../../access/principal.ts';
import { prepareToRun, type ToRunDeps } from '../../drafts/document-to-run.ts';
import {
  newReplay,
  REPLAY_LEADS_DEFAULT,
  type Replay,
  type ReplayDeps,
  type ReplayedLead,
  type ReplaySide,
  replayLeads,
} from '../../drafts/replay-leads.ts';
import type { ReplayLine } from '../../drafts/replay-line.ts';
import { hideReason } from '../../events/hide-values.ts';
import type { CompiledFlow } from '../../flow-compiler/compiled-flow.ts';
import { loadSurroundings, type SurroundingsDeps } from '../../flows/flow-surroundings.ts';
import { dollars, type Money } from '../../model/money.ts';
import { findSource } from '../../simulation/simulate-lead.ts';
import { type ApiResult, answer } from '../api.ts';
import { type ApiError, apiError } from '../errors.ts';
import { isoTime } from '../iso-time.ts';
import { invalidDocument } from '../read-body.ts';
import type { ReadingStores } from '../reading-stores.ts';
import { errorOfNothing, readWanted } from './test-leads.ts';

export interface ReplayRouteDeps extends ToRunDeps, SurroundingsDeps, Omit<ReplayDeps, 'events'> {
  reading: Pick<ReadingStores, 'events'>;
  replays: ReplayLine;
}

interface ReplayBody {
  document?: unknown;
  revision?: 'draft' | 'saved' | 'deployed' | number;
  last?: number;
  source_id?: string;
}

interface ReplayRequest {
  principal: Principal;
  params: { id: string };
  body: ReplayBody;
}

const FLOWS_REQUIRED = apiError('permission_required', 'Your API key or user needs the permission flows.read.');
const TOO_MANY: ApiError = {
  ...apiError('too_many_attempts', 'Too many replays of this account wait for their turn: try again in a second.'),
  headers: { 'Retry-After': '1' },
};
const REPLACED = apiError('conflict', 'A newer replay of this flow by the same caller took the place of this one.');

/** `POST /flows/{id}/replay`: what would become of the last leads. Writes and sends nothing. */
export async function replayFlow(deps: ReplayRouteDeps, request: ReplayRequest): Promise<ApiResult> {
  const { principal, params } = request;
  if (!principal.permissions.has('flows.read')) return FLOWS_REQUIRED;
  const caller = `${principal.actor.kind} ${principal.actor.id} ${params.id}`;
  const turn = deps.replays.enter({ accountId: principal.accountId, caller });
  if (!turn) return TOO_MANY;
  try {
    await turn.ready;
    const result = turn.isReplaced() ? REPLACED : await replay(deps, { ...request, isCancelled: turn.isReplaced });
    return turn.isReplaced() ? REPLACED : result;
  } finally {
    turn.leave();
  }
}

async function replay(
  deps: ReplayRouteDeps,
  { principal, params, body, isCancelled }: ReplayRequest & { isCancelled(): boolean },
): Promise<ApiResult> {
  const wanted = readWanted(body);
  if (!wanted.ok) return wanted.error;
  const { accountId } = principal;
  const surroundings = await loadSurroundings(deps, accountId);
  const place = { accountId, flowId: params.id, surroundings, now: deps.clock.now() };
  const draft = await prepareToRun(deps, { ...place, wanted: wanted.value });
  if (!draft.ok) return errorOfNothing(draft.error);
  const live = await prepareToRun(deps, { ...place, wanted: { revision: 'deployed' } });
  // No lead has run on a flow that was never deployed, nor does any run on one that cannot.
  if (!live.ok) return answer(200, describeReplay(newReplay(), { isOpen: true, nameOf: () => null }));
  const { source_id: ref, last = REPLAY_LEADS_DEFAULT } = body;
  const source = ref === undefined ? undefined : (findSource(live.value, ref) ?? findSource(draft.value, ref));
  if (ref !== undefined && !source)
    return invalidDocument([
      { path: 'source_id', message: 'Neither the live flow nor the other one has this source.' },
    ]);
  const order = { accountId, live: live.value, draft: draft.value, last, sourceId: source?.entityId, isCancelled };
  const done = await replayLeads({ ...deps, events: deps.reading.events }, order);
  const nameOf = (sourceId: string) => sourceNameOf(live.value, sourceId) ?? sourceNameOf(draft.value, sourceId);
  return answer(200, describeReplay(done, { isOpen: maySeeValues(principal), nameOf }));
}

interface Showing {
  /** Are values of leads shown? Reasons may quote them. */
  isOpen: boolean;
  /** null: neither flow has the source any more. */
  nameOf(sourceId: string): string | null;
}

function describeReplay(done: Replay, { isOpen, nameOf }: Showing) {
  const lead = ({ outcome, reason }: ReplayedLead) => ({ outcome, reason: isOpen ? reason : hideReason(reason) });
  return {
    ...{ leads: done.leads, not_replayed: done.notReplayed, flipped: done.flipped, assumed: done.assumed },
    stopped_early: done.isStoppedEarly,
    before: describeSide(done.before),
    after: describeSide(done.after),
    samples: done.samples.map(({ leadId, submittedAt, sourceId, before, after }) => ({
      ...{ lead_id: leadId, submitted_at: isoTime(submittedAt) },
      source: { id: sourceId, name: nameOf(sourceId) },
      ...{ before: lead(before), after: lead(after) },
    })),
  };
}

function describeSide({ counts, revenue, cost }: ReplaySide) {
  // Less than 0 for a loss.
  const profit = (revenue - cost) as Money;
  return { ...counts, revenue: dollars(revenue), cost: dollars(cost), profit: dollars(profit) };
}

function sourceNameOf(flow: CompiledFlow, sourceId: string): string | null {
  return findSource(flow, sourceId)?.name ?? null;
}

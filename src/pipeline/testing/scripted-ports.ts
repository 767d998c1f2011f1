import type { Deliver, DeliveryResult, OutboundRequest } from '../../integrations/contract.ts';
import type { CapRefusal } from '../../stored/lead-document.ts';
import type { IntendRequest, ListVerdict, ReserveRequest, RunStore, SettleRequest } from '../run-store.ts';

/** What a store that a test scripts answers. What is not said goes well: nothing is on a list, no cap is full. */
export interface StoreScript {
  /** The verdict on the lead's n-th list value; absent: not found. */
  lists?: readonly ListVerdict[];
  /** Ids of caps without a place. */
  fullCaps?: readonly string[];
  /** Answers `unavailable` from the n-th call on, counted from 1. */
  reserveGoneFrom?: number;
  intendGoneFrom?: number;
  /** Answers that the run's last place is lost, to the n-th call, counted from 1. */
  intendLostAt?: number;
  settle?: Awaited<ReturnType<RunStore['settle']>>;
}

export interface ScriptedStore extends RunStore {
  reserves: ReserveRequest[];
  intents: IntendRequest[];
  settlements: SettleRequest[];
}

/** The pipeline's store as a script: for tests of what phases ask and make of the answers, not of storage. */
export function createScriptedStore(script: StoreScript): ScriptedStore {
  const reserves: ReserveRequest[] = [];
  const intents: IntendRequest[] = [];
  const settlements: SettleRequest[] = [];
  const gone = { kind: 'unavailable', reason: 'the database cannot be reached' } as const;
  return {
    reserves,
    intents,
    settlements,
    reserve: async (request) => {
      reserves.push(request);
      if (reserves.length >= (script.reserveGoneFrom ?? Number.POSITIVE_INFINITY)) return gone;
      return { kind: 'reserved', ...placesOf(request, script) };
    },
    intend: async (request) => {
      intents.push(request);
      if (intents.length === script.intendLostAt)
        return { kind: 'lost', held: { ...request.held, caps: request.held.caps.slice(0, -1) } };
      return intents.length >= (script.intendGoneFrom ?? Number.POSITIVE_INFINITY) ? gone : { kind: 'committed' };
    },
    settle: async (request) => {
      settlements.push(request);
      return script.settle ?? { kind: 'settled' };
    },
  };
}

function placesOf(request: ReserveRequest, script: StoreScript) {
  const lists = request.lists.map((_, index): ListVerdict => script.lists?.[index] ?? { found: false });
  const full = request.caps.find((cap) => script.fullCaps?.includes(cap.capId));
  const capRefusal: CapRefusal | null = full
    ? { capId: full.capId, count: full.maximum, held: 0, maximum: full.maximum }
    : null;
  const newLists = request.lists.filter((list, index) => list.hold && lists[index]?.found === false);
  const caps = full ? [] : request.caps;
  const held = {
    caps: [
      ...request.held.caps,
      ...caps.map(({ capId, startsAt, generation, stepId }) => ({ capId, startsAt, generation, stepId })),
    ],
    lists: [...request.held.lists, ...newLists.map(({ listId, value }) => ({ listId, value }))],
  };
  return { lists, capRefusal, held, hasRun: request.hasRun || held.caps.length + held.lists.length > 0 };
}

/** What a recipient does with a request: its answer, or how the exchange failed. */
export type RecipientScript = (
  request: OutboundRequest,
) => { status?: number; headers?: Record<string, string>; body: unknown } | { unsent: string } | { unknown: string };

export interface ScriptedDeliver {
  deliver: Deliver;
  sent: { request: OutboundRequest; timeoutMs: number }[];
}

export function createScriptedDeliver(script: RecipientScript, now: () => number): ScriptedDeliver {
  const sent: ScriptedDeliver['sent'] = [];
  const deliver: Deliver = async (request, { timeoutMs }): Promise<DeliveryResult> => {
    sent.push({ request, timeoutMs });
    const answer = script(request);
    const times = { sentAt: now(), receivedAt: now() };
    if ('unsent' in answer) return { kind: 'unsent', reason: answer.unsent, ...times };
    if ('unknown' in answer) return { kind: 'unknown', reason: answer.unknown, ...times };
    const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
    const headers = { 'Content-Type': 'application/json', ...answer.headers };
    const response = { status: answer.status ?? 200, version: '1.1', headers, body };
    return { kind: 'answered', response, truncated: false, url: request.url, ...times };
  };
  return { deliver, sent };
}

import type { Deliver, DeliveryResult, OutboundRequest } from '../../integrations/contract.ts';
import type {
  CapRequest,
  CapSeen,
  ClaimRequest,
  ListVerdict,
  LookRequest,
  PlacesAsked,
  PlacesSeen,
  RunStore,
  SeenPing,
  SettleRequest,
} from '../run-store.ts';

/** What a store that a test scripts answers. What is not said goes well: nothing is on a list, no cap is full. */
export interface StoreScript {
  /** The verdict on the lead's n-th list value; absent: not found. */
  lists?: readonly ListVerdict[];
  /** The same by the n-th look, where they change in between. */
  listsByLook?: readonly (readonly ListVerdict[])[];
  /** The ping that the lead names; absent: there is none. */
  ping?: SeenPing;
  /** Ids of caps without a place. */
  fullCaps?: readonly string[];
  /** What has changed by the n-th claim, from the first: verdicts of the values it asks for, and caps that are full. */
  changed?: readonly ({ lists?: readonly ListVerdict[]; fullCaps?: readonly string[] } | null)[];
  /** Answers `unavailable` from the n-th call on, counted from 1. */
  lookGoneFrom?: number;
  claimGoneFrom?: number;
  /** Lets time pass while a claim is committed. */
  onClaim?: () => void;
  settle?: Awaited<ReturnType<RunStore['settle']>>;
  /** Answers of the first settlements, before `settle`. */
  firstSettles?: readonly Awaited<ReturnType<RunStore['settle']>>[];
}

export interface ScriptedStore extends RunStore {
  looks: LookRequest[];
  claims: ClaimRequest[];
  settlements: SettleRequest[];
}

/** The pipeline's store as a script: for tests of what phases ask and make of the answers, not of storage. */
export function createScriptedStore(script: StoreScript): ScriptedStore {
  const looks: LookRequest[] = [];
  const claims: ClaimRequest[] = [];
  const settlements: SettleRequest[] = [];
  const gone = { kind: 'unavailable', reason: 'the database cannot be reached' } as const;
  return {
    looks,
    claims,
    settlements,
    look: async (request) => {
      looks.push(request);
      if (looks.length >= (script.lookGoneFrom ?? Number.POSITIVE_INFINITY)) return gone;
      const ping = request.pingId === undefined ? {} : { ping: script.ping ?? null };
      const lists = script.listsByLook?.[looks.length - 1];
      return { kind: 'seen', ...ping, ...seePlaces(request, lists ? { ...script, lists } : script) };
    },
    claim: async (request) => {
      claims.push(request);
      script.onClaim?.();
      if (claims.length >= (script.claimGoneFrom ?? Number.POSITIVE_INFINITY)) return gone;
      const change = script.changed?.[claims.length - 1];
      if (change) return { kind: 'changed', ...seePlaces(request, change) };
      const lists = request.lists.filter(({ hold }) => hold).map(({ listId, value }) => ({ listId, value }));
      return { kind: 'committed', took: { lists, caps: request.caps.map(buildHold) } };
    },
    settle: async (request) => {
      settlements.push(request);
      return script.firstSettles?.[settlements.length - 1] ?? script.settle ?? { kind: 'settled' };
    },
  };
}

function seePlaces(
  { lists, caps }: PlacesAsked,
  script: { lists?: readonly ListVerdict[]; fullCaps?: readonly string[] },
): PlacesSeen {
  return {
    lists: lists.map((_, index): ListVerdict => script.lists?.[index] ?? { found: false }),
    caps: caps.map(
      ({ capId, amount, maximum, generation }): CapSeen => ({
        refusal: script.fullCaps?.includes(capId) ? { capId, amount, count: maximum, held: 0, maximum } : null,
        generation,
      }),
    ),
  };
}

function buildHold({ capId, startsAt, generation, stepId, amount }: CapRequest) {
  return { capId, startsAt, generation, stepId, amount };
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

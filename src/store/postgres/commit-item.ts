import { unitsOf } from '../../caps/cap-units.ts';
import {
  type ClaimRequest,
  type ClaimResult,
  countUsed,
  type PlacesAsked,
  type RunKey,
  type SettleRequest,
  type SettleResult,
} from '../../pipeline/run-store.ts';
import type { CapHold, Holds } from '../../stored/holds.ts';
import type { ClaimInGroup, EndInGroup } from '../decide-claims.ts';
import { buildCapKey, buildListKey, uniqueKeys } from './place-keys.ts';

export interface ClaimItem {
  kind: 'claim';
  request: ClaimRequest;
  /** The content of its row for a batch, encrypted; null: it has none. */
  sealedRow: Buffer | null;
}

export interface SettleItem {
  kind: 'settle';
  request: SettleRequest;
}

/** What one group commits. */
export type CommitItem = ClaimItem | SettleItem;

export type CommitAnswer = ClaimResult | SettleResult;

/** An item that goes on to be written. */
export interface Going<Item extends CommitItem = CommitItem> {
  kind: 'goes';
  item: Item;
  /** What it takes; nothing: it asks for nothing. */
  took: Holds;
  /** Of a claim: places of an intent before it whose commit was in doubt, which is written again. */
  rewritten: Holds | null;
  /** Of a settlement: places that are used although the store has lost them. */
  lostCaps: readonly CapHold[];
}

const NOTHING: PlacesAsked = { lists: [], caps: [] };

/** The places an item asks for. A cap or a value that is named twice is asked for once, and held if one of them holds it. */
export function listAsked(item: CommitItem): PlacesAsked {
  return (item.kind === 'claim' ? item.request : item.request.claims) ?? NOTHING;
}

/** An item before anything is decided: it takes all that it asks for. */
export function startItem(item: CommitItem): Going {
  const { run } = item.request;
  const { lists, caps } = listAsked(item);
  const values = uniqueKeys(
    lists.filter(({ hold }) => hold).map((list) => ({ ...list, key: buildListKey(run, list).key })),
  );
  const places = uniqueKeys(caps.map((cap) => ({ ...cap, key: buildCapKey(run, cap).key })));
  return {
    kind: 'goes',
    item,
    took: {
      lists: values.map(({ listId, value }) => ({ listId, value })),
      caps: places.map(({ capId, startsAt, generation, stepId, amount }) => ({
        capId,
        startsAt,
        generation,
        stepId,
        amount,
      })),
    },
    rewritten: null,
    lostCaps: [],
  };
}

export function isClaim(going: Going): going is Going<ClaimItem> {
  return going.item.kind === 'claim';
}

export function isEnd(going: Going): going is Going<SettleItem> {
  return going.item.kind === 'settle';
}

/** What becomes of the lead's own places that stay as they are: its deliveries have not ended. */
export function staysHeld({ waits }: SettleRequest): boolean {
  return waits === 'held';
}

export function isOfLead({ stepId }: CapHold): boolean {
  return stepId === null;
}

/** For the decision on a group: what the item gives back or keeps. */
export function buildEndInGroup({ item: { request } }: Going<SettleItem>): EndInGroup {
  const { run, held, used } = request;
  const isWaiting = staysHeld(request);
  return {
    runId: run.runId,
    submittedAt: run.submittedAt,
    lists: isWaiting ? null : { keys: held.lists.map((list) => buildListKey(run, list).key), isKept: used.lead },
    caps: held.caps
      .filter((hold) => !(isWaiting && isOfLead(hold)))
      .map((hold) => ({
        key: buildCapKey(run, hold).key,
        generation: hold.generation,
        held: unitsOf(hold),
        used: countUsed(used, hold),
      })),
  };
}

/** For the decision on a group: what the item asks for. */
export function buildClaimInGroup(item: CommitItem): ClaimInGroup {
  const { run } = item.request;
  const { lists, caps } = listAsked(item);
  return {
    runId: run.runId,
    lists: lists.map((list) => ({ key: buildListKey(run, list).key, cutoff: list.cutoff, hold: list.hold })),
    caps: caps.map((cap) => ({
      key: buildCapKey(run, cap).key,
      maximum: cap.maximum,
      generation: cap.generation,
      amount: cap.amount,
    })),
  };
}

export function runsOf(items: readonly Going[]): RunKey[] {
  return items.map(({ item }) => item.request.run);
}

import { counterIdOf } from '../../caps/cap-units.ts';
import type { CapRequest, RunKey } from '../../pipeline/run-store.ts';
import type { CapHold, ListHold } from '../../stored/holds.ts';
import { byteaArray, textArray, timestampArray } from './binary-array.ts';

/** A row of `list_items`. */
export interface ListKey {
  key: string;
  accountId: string;
  listId: string;
  value: Buffer;
}

/** A row of `cap_windows`. */
export interface CapKey {
  readonly key: string;
  readonly accountId: string;
  /** `cap_windows.cap_id`. */
  readonly counterId: string;
  readonly startsAt: number;
}

/** What is needed to open the window when it has no row. */
export interface OpenableWindow extends CapKey {
  endsAt: number;
  flowId: string;
  generation: number;
  /** Epoch ms. */
  openedAt: number;
}

export function buildListKey({ accountId }: Pick<RunKey, 'accountId'>, { listId, value }: ListHold): ListKey {
  return { key: `${accountId} ${listId} ${value.toString('hex')}`, accountId, listId, value };
}

/** Counters whose last key is remembered: nearly every lead falls into the same window of a cap. */
const CAP_KEYS_MAX = 10_000;
const lastCapKeys = new Map<string, CapKey>();

/** The same object as long as a cap has the same window, so that its text is joined and hashed once. */
export function buildCapKey(
  { accountId }: Pick<RunKey, 'accountId'>,
  place: Pick<CapHold, 'capId' | 'startsAt' | 'amount'>,
): CapKey {
  const { startsAt } = place;
  const counterId = counterIdOf(place);
  const last = lastCapKeys.get(counterId);
  if (last && last.startsAt === startsAt && last.accountId === accountId) return last;
  const built = { key: `${accountId} ${counterId} ${startsAt}`, accountId, counterId, startsAt };
  if (lastCapKeys.size >= CAP_KEYS_MAX) lastCapKeys.clear();
  lastCapKeys.set(counterId, built);
  return built;
}

export function buildWindow(
  run: Pick<RunKey, 'accountId' | 'flowId' | 'submittedAt'>,
  cap: CapRequest,
): OpenableWindow {
  const { key, accountId, counterId, startsAt } = buildCapKey(run, cap);
  return {
    key,
    accountId,
    counterId,
    startsAt,
    endsAt: cap.endsAt,
    flowId: run.flowId,
    generation: cap.generation,
    openedAt: run.submittedAt,
  };
}

/** Each key once. */
export function uniqueKeys<Key extends { key: string }>(keys: readonly Key[]): Key[] {
  return [...new Map(keys.map((key) => [key.key, key])).values()];
}

export function listColumns(lists: readonly ListKey[]): Buffer[] {
  return [
    textArray(lists.map((list) => list.accountId)),
    textArray(lists.map((list) => list.listId)),
    byteaArray(lists.map((list) => list.value)),
  ];
}

export function capColumns(caps: readonly CapKey[]): Buffer[] {
  return [
    textArray(caps.map((cap) => cap.accountId)),
    textArray(caps.map((cap) => cap.counterId)),
    timestampArray(caps.map((cap) => cap.startsAt)),
  ];
}

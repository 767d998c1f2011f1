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
  key: string;
  accountId: string;
  /** `cap_windows.cap_id`. */
  counterId: string;
  startsAt: number;
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

export function buildCapKey(
  { accountId }: Pick<RunKey, 'accountId'>,
  place: Pick<CapHold, 'capId' | 'startsAt' | 'amount'>,
): CapKey {
  const { startsAt } = place;
  const counterId = counterIdOf(place);
  return { key: `${accountId} ${counterId} ${startsAt}`, accountId, counterId, startsAt };
}

export function buildWindow(
  run: Pick<RunKey, 'accountId' | 'flowId' | 'submittedAt'>,
  cap: CapRequest,
): OpenableWindow {
  return {
    ...buildCapKey(run, cap),
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

import { useQuery } from '@tanstack/react-query';
import type { Cap } from '../../../../src/model/cap.ts';
import { type CapCounter, capsOfFlowQuery } from '../../api/caps.ts';
import { leftOf } from '../../editor/caps/count-after.ts';
import { fullnessOf } from '../../parts/cap-words.ts';
import { formatMoney } from '../../parts/format-money.ts';
import { formatCount } from '../../parts/format-number.ts';
import { useEdit } from './use-edit.ts';

/** What is used of the fullest cap of a list: `3 of 8 left`, `Full now: 8 of 8`; null: none counts yet. */
export interface CapUseWords {
  text: string;
  isFull: boolean;
}

/** Of caps as they run: one that is only in the draft counts from 0 when it is published. */
export function useCapUse(): (caps: readonly Cap[] | null | undefined) => CapUseWords | null {
  const { flowId } = useEdit();
  const { data: counters } = useQuery(capsOfFlowQuery(flowId));
  return (caps) => describeFullest(caps ?? [], counters ?? NONE);
}

const NONE: ReadonlyMap<string, CapCounter> = new Map();

/** Exported for tests. */
export function describeFullest(caps: readonly Cap[], counters: ReadonlyMap<string, CapCounter>): CapUseWords | null {
  const [fullest] = caps
    .flatMap(({ id }) => counters.get(id ?? '') ?? [])
    .toSorted((one, other) => fullnessOf(other) - fullnessOf(one));
  if (fullest === undefined) return null;
  const show = fullest.type === 'revenue' ? formatMoney : formatCount;
  const left = leftOf(fullest);
  return left === 0
    ? { text: `Full now: ${show(fullest.count + fullest.held)} of ${show(fullest.maximum)}`, isFull: true }
    : { text: `${show(left)} of ${show(fullest.maximum)} left`, isFull: false };
}

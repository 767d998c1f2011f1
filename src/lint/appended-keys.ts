import { appendKeyOf } from '../model/append-key.ts';
import { listDeliverySteps } from '../model/delivery-steps.ts';
import type { FlowDocument } from '../model/flow.ts';

/** A recipient step and the name later steps read its answer by. */
export interface AppendedKey {
  key: string;
  /** Its place among the steps. */
  index: number;
  isEnabled: boolean;
}

export function appendedKeys(document: FlowDocument): AppendedKey[] {
  return listDeliverySteps(document).map(({ step, index }) => ({
    key: appendKeyOf(step),
    index,
    isEnabled: step.enabled !== false,
  }));
}

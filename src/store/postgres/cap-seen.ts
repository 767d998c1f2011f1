import type { CapVerdict } from '../../caps/judge-cap.ts';
import type { CapRequest, CapSeen } from '../../pipeline/run-store.ts';

/** What a lead is shown of a cap. */
export function buildCapSeen(
  { capId, amount }: Pick<CapRequest, 'capId' | 'amount'>,
  { full, generation }: CapVerdict,
): CapSeen {
  return { refusal: full && { capId, amount, ...full }, generation };
}

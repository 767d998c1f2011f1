import type { RecipientStep, Step } from './flow.ts';
import type { Integration } from './mapping.ts';

/** A recipient step of a flow, or a recipient of a distribution as the recipient step it is. */
export interface DeliveryStep {
  /** Dotted, `steps.2` or `steps.2.recipients.0`. */
  path: string;
  /** The place of the step among the steps. */
  index: number;
  step: RecipientStep;
}

/** Everything a flow delivers to by its steps, in the order of the document. */
export function listDeliverySteps({ steps }: { steps: readonly Step[] }): DeliveryStep[] {
  return steps.flatMap((step, index) => listDeliveriesOf(step, index));
}

/** The same of one step; none of a filter. A distribution that is switched off switches its recipients off. */
export function listDeliveriesOf(step: Step, index: number): DeliveryStep[] {
  const path = `steps.${index}`;
  switch (step.type) {
    case 'filter':
      return [];
    case 'recipient':
      return [{ path, index, step }];
    case 'distribution':
      return step.recipients.map((candidate, place) => ({
        path: `${path}.recipients.${place}`,
        index,
        step: { ...candidate, type: 'recipient', enabled: step.enabled !== false && candidate.enabled !== false },
      }));
  }
}

/** The questions for bids of a flow, in the order of the document; those of other methods are not asked. */
export function listBids({ steps }: { steps: readonly Step[] }): { path: string; bid: Integration }[] {
  return steps.flatMap((step, index) =>
    step.type === 'distribution' && step.method === 'highest_bid'
      ? step.recipients.flatMap(({ bid }, place) =>
          bid ? [{ path: `steps.${index}.recipients.${place}.bid`, bid }] : [],
        )
      : [],
  );
}

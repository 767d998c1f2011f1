import type { Candidate, FlowDocument, RecipientStep } from '../../../../src/model/flow.ts';

/** A recipient that a test may answer for. */
export interface AskedRecipient {
  id: string;
  name: string;
  /** What its bid is answered by; null: it is not asked for one. */
  bidName: string | null;
}

/** A recipient step, or the recipients of a distribution. */
export interface AskedGroup {
  key: string;
  /** Of the distribution; null: it is a step by itself. */
  name: string | null;
  recipients: AskedRecipient[];
}

/** Whoever may be asked, in the order of the steps; those that are switched off, or have no id yet, are left out. */
export function listAsked({ steps }: Pick<FlowDocument, 'steps'>): AskedGroup[] {
  return steps.flatMap((step, index): AskedGroup[] => {
    if (step.type === 'filter' || step.enabled === false) return [];
    const key = step.id ?? String(index);
    if (step.type === 'recipient') return groupOf({ key, name: null, recipients: readRecipient(step, false) });
    const asksForBids = step.method === 'highest_bid';
    const recipients = step.recipients.flatMap((each) => readRecipient(each, asksForBids));
    return groupOf({ key, name: step.name ?? `Distribution at step ${index + 1}`, recipients });
  });
}

function groupOf(group: AskedGroup): AskedGroup[] {
  return group.recipients.length === 0 ? [] : [group];
}

function readRecipient(step: RecipientStep | Candidate, asksForBids: boolean): AskedRecipient[] {
  const { id, entity, enabled } = step;
  if (id === undefined || enabled === false) return [];
  const hasBid = asksForBids && 'bid' in step && step.bid != null;
  return [{ id, name: entity?.name ?? id, bidName: hasBid ? `${id}.bid` : null }];
}

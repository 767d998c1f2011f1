import type { LeadRecord } from '../events/event-store.ts';

/** Failed leads sent through their flow again, as new leads. */

export interface ResubmissionKey {
  accountId: string;
  leadId: string;
}

export interface ResubmissionStore {
  /** Notes that a lead is about to be sent again as `asLeadId`. `taken`: it was before, and `isAgain` was not said. */
  claim(request: ResubmissionKey & { asLeadId: string; isAgain: boolean; now: number }): Promise<'claimed' | 'taken'>;
  /** The new lead was not taken: the claim goes. */
  giveBack(request: ResubmissionKey & { asLeadId: string }): Promise<void>;
  /** As which leads these were sent again, the last one of each. */
  findAll(accountId: string, leadIds: readonly string[]): Promise<Map<string, string>>;
  /** Which of these leads have a delivery that nobody knows the end of, or one that is still tried. */
  findOpen(accountId: string, leadIds: readonly string[]): Promise<Map<string, 'unknown' | 'retry'>>;
}

export interface Judged {
  lead: LeadRecord;
  /** null: it may be sent again. */
  refusal: string | null;
  warnings: string[];
}

/** What is said of a lead whose values were masked: they are not kept, so asterisks would be sent. */
const MASK = /\*{3,}/;

/** May a lead be sent again? Its last stored state and what else is known of it decide. */
export function judgeLead(
  lead: LeadRecord,
  known: {
    resubmittedAs: string | undefined;
    open: 'unknown' | 'retry' | undefined;
    isAgain: boolean;
    takesMasked: boolean;
  },
): Judged {
  const masked = maskedFields(lead);
  const refusals: [isRefused: boolean, why: string][] = [
    [lead.story?.request === undefined, 'Its submission is no longer kept'],
    [
      known.open === 'unknown',
      'A delivery of it may have arrived: say what became of it with POST /unknowns/{event_id}/resolve',
    ],
    [known.open === 'retry', 'A delivery of it is still tried again: cancel that with POST /retries/{id}/cancel'],
    [lead.outcome === 'success' && !known.isAgain, 'It was a success; "again": true sends it all the same'],
    [
      known.resubmittedAs !== undefined && !known.isAgain,
      `It was sent again as ${known.resubmittedAs}; "again": true sends it once more`,
    ],
    [
      masked.length > 0 && !known.takesMasked,
      `Masked values are not kept (${masked.join(', ')}); "with_masked": true sends asterisks`,
    ],
  ];
  const refusal = refusals.find(([isRefused]) => isRefused)?.[1] ?? null;
  const warnings = masked.length > 0 ? [`These fields hold asterisks: ${masked.join(', ')}`] : [];
  return { lead, refusal, warnings };
}

/** Ids of fields whose stored value is masked. Fields with dots are told by their first part. */
function maskedFields({ story }: LeadRecord): string[] {
  const values = story?.vars?.lead ?? {};
  return Object.keys(values).filter((id) => id !== 'id' && MASK.test(JSON.stringify(values[id]) ?? ''));
}

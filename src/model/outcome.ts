/** The outcome that a source gets (spec behaviour 3.1). */
export type LeadOutcome = 'success' | 'failure' | 'error';

/** How a recipient step ended (spec behaviour 4.2). */
export type StepOutcome = 'success' | 'failure' | 'error' | 'skip';

/** How a filter step ended: `stop` when its rules matched. */
export type FilterOutcome = 'continue' | 'stop' | 'error';

export const LEAD_OUTCOMES: readonly LeadOutcome[] = ['success', 'failure', 'error'];

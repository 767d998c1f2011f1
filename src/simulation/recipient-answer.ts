import type { StepOutcome } from '../model/outcome.ts';

/** The assumed answer of a recipient. */
export type RecipientAnswer =
  /** An HTTP answer, which the step's module reads like a real one. */
  | { kind: 'http'; status: number; headers: Readonly<Record<string, string>>; body: string }
  /** The outcome that the module returns, whatever the step's configuration. */
  | {
      kind: 'outcome';
      /** A recorded answer appends more than an assumed one. */
      appended: { outcome: StepOutcome; reason?: string; price?: number } & Readonly<Record<string, unknown>>;
    };

/** The answer of recipients without a given one: they accept the lead. */
export const ACCEPTED: RecipientAnswer = { kind: 'outcome', appended: { outcome: 'success' } };

import type { StepOutcome } from '../model/outcome.ts';

/** What a recipient is taken to answer. */
export type RecipientAnswer =
  /** An HTTP answer, which the step's module reads as it would read a real one. */
  | { kind: 'http'; status: number; headers: Readonly<Record<string, string>>; body: string }
  /** What the module makes of the answer, whatever the step's own configuration looks for in it. */
  | { kind: 'outcome'; appended: { outcome: StepOutcome; reason?: string; price?: number } };

/** What recipients answer of which nothing is said: they take the lead. */
export const TAKEN: RecipientAnswer = { kind: 'outcome', appended: { outcome: 'success' } };

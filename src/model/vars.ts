/**
 * The variables of a lead while it runs: plain nested objects whose leaves are primitives, arrays or rich values
 * (boxed String, Number, Boolean or Date with own properties such as `raw` and `valid`; spec modules a4 and d).
 * Dotted field ids are nested: `mortgage.loan.amount` is `vars.lead.mortgage.loan.amount`.
 */
export type Vars = Record<string, unknown>;

/** What templates and rules may know beside the variables; passed in so that a replay sees the same. */
export interface EvaluationContext {
  /** Epoch ms. */
  now: number;
  /** The account's IANA zone. */
  timeZone: string;
  random: () => number;
  /** Set where several templates share what one may do, as in a rule set; each takes its steps from it. */
  allowance?: { stepsLeft: number };
}

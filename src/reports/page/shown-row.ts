/** A row of a report as its page shows it. */
export interface ShownRow {
  /** Of its part of the time, as the answer has it; null: the time is not split. */
  at: string | null;
  /** Where it is split. */
  part: string | null;
  /** Names of its groups, in their order; of the total none. */
  groups: readonly string[];
  values: Readonly<Record<string, number | null>>;
}

/** Counts how often fields were used (decision 43). */
export interface FieldUsageStore {
  /**
   * Per field id, the leads of a flow that came with a value that is not blank, in a time frame (epoch ms, the end excluded).
   * From counts where it is whole quarters of an hour that are counted: a lead counts in that of its source event, some seconds
   * after it. Else each lead of the time frame is read, as heavy as the reference says.
   */
  countLeadsByField(request: {
    accountId: string;
    flowId: string;
    fieldIds: readonly string[];
    startsAt: number;
    endsAt: number;
    /** Epoch ms. */
    now: number;
  }): Promise<Map<string, number>>;
}

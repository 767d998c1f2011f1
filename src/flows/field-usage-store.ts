/** Counts how often fields were used (decision 43). */
export interface FieldUsageStore {
  /**
   * Per field id, the leads of a flow that came with a value that is not blank. Reads every lead of the time frame
   * (epoch ms, the end excluded), as heavy as the reference says.
   */
  countLeadsByField(request: {
    accountId: string;
    flowId: string;
    fieldIds: readonly string[];
    startsAt: number;
    endsAt: number;
  }): Promise<Map<string, number>>;
}

/** Records who had the values of a lead shown (decision page 0104). */
export interface RevealStore {
  record(lead: { accountId: string; leadId: string }): Promise<void>;
}

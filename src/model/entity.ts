/** An account: whose flows, leads and lists these are. */
export interface Account {
  id: string;
  name: string;
  timeZone: string;
  dataRetentionInDays: number;
}

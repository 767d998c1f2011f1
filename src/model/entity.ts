/** An account: whose flows, leads and lists these are. */
export interface Account {
  id: string;
  name: string;
  timeZone: string;
  dataRetentionInDays: number;
  /** Whether flows of the account may answer pings: the switch above their own `ping_enabled`. */
  isPingEnabled: boolean;
}

/** An account: whose flows, leads and lists these are. */
export interface Account {
  id: string;
  name: string;
  timeZone: string;
  /** Days that the personal part of a lead is kept. */
  dataRetentionInDays: number;
  /** Days that the facts of a lead are kept, at least as long as its personal part; absent: as long. */
  factsRetentionInDays?: number;
  /** What was submitted before, epoch ms, has no personal part any more; absent: nothing was deleted yet. */
  dataTruncatedAt?: number;
  /** Whether flows of the account may answer pings: the switch above their own `ping_enabled`. */
  isPingEnabled: boolean;
}

/** An account: whose flows, leads and lists these are. */
export interface Account {
  id: string;
  name: string;
  timeZone: string;
  dataRetentionInDays: number;
}

/** Who is asking, as an API key tells it. */
export interface Principal {
  accountId: string;
  apiKeyId: string;
  isSuperuser: boolean;
}

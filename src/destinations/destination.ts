/** Receivers of every lead that a flow has processed (spec api 3.9, decision 35). Wire names, as the API spells them. */
export interface Destination {
  instance_id: string;
  name: string;
  integration_name: string;
  integration_icon_url: string | null;
  actions: DestinationAction[];
}

export interface DestinationAction {
  name: string;
  action_id: string;
  webhook_url: string;
}

/** Destinations of one account. */
export interface DestinationStore {
  list(accountId: string): Promise<Destination[]>;
  find(key: { accountId: string; instanceId: string }): Promise<Destination | null>;
  insert(accountId: string, made: { destination: Destination; secret: string; now: number }): Promise<void>;
  /** null: there is none. */
  replace(accountId: string, made: { destination: Destination; now: number }): Promise<Destination | null>;
  /** false: there is none. */
  writeSecret(key: { accountId: string; instanceId: string }, made: { secret: string; now: number }): Promise<boolean>;
  remove(key: { accountId: string; instanceId: string }): Promise<boolean>;
}

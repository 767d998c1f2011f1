/** Receivers of every lead that a flow has processed (spec api 3.9, decision 35). Wire names, as the API spells them. */
export interface Destination {
  instance_id: string;
  name: string;
  integration_name: string;
  /** Empty: none. The documents have a text here, never null. */
  integration_icon_url: string;
  actions: DestinationAction[];
}

export interface DestinationAction {
  name: string;
  action_id: string;
  webhook_url: string;
}

/** A flow that names a destination, as it is saved or as it runs. */
export interface FlowUsage {
  id: string;
  name: string;
}

/** `used`: a flow would go on without it, unnoticed. */
export type DestinationChange =
  | { kind: 'done'; destination: Destination }
  | { kind: 'missing' }
  | { kind: 'used'; flows: FlowUsage[] };

/** Destinations of one account. */
export interface DestinationStore {
  list(accountId: string): Promise<Destination[]>;
  find(key: { accountId: string; instanceId: string }): Promise<Destination | null>;
  insert(accountId: string, made: { destination: Destination; secret: string; now: number }): Promise<void>;
  /** By instance id, the oldest flow first; one that no flow names is not there. */
  usages(accountId: string): Promise<Map<string, FlowUsage[]>>;
  /** `used`: an action that is left out is named by a flow. */
  replace(accountId: string, made: { destination: Destination; now: number }): Promise<DestinationChange>;
  /** false: there is none. */
  writeSecret(key: { accountId: string; instanceId: string }, made: { secret: string; now: number }): Promise<boolean>;
  remove(key: { accountId: string; instanceId: string }): Promise<DestinationChange>;
}

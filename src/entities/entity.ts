/** What an entity is when it sends leads, and when it receives them (spec api 10). */
export const SOURCE_KINDS = ['form', 'seller', 'other'] as const;
export const RECIPIENT_KINDS = ['buyer', 'crm', 'analytics', 'enhancement', 'esp', 'other'] as const;

/** A sender or a recipient of leads, as a caller defines it. Wire names, as the API spells them. */
export interface EntityDefinition {
  name: string;
  description?: string;
  /** The modules it sends or receives by. */
  module_ids: string[];
  /** null: it is no source. */
  source: (typeof SOURCE_KINDS)[number] | null;
  /** null: it is no recipient. */
  recipient: (typeof RECIPIENT_KINDS)[number] | null;
  field_suffix: string | null;
  logo_url: string | null;
  website: string | null;
  time_zone: string | null;
  trustedform_certified_vendor: boolean;
}

/** As it is stored. */
export interface Entity extends EntityDefinition {
  id: string;
  /** The flows that name it, as they are saved or as they run. */
  flow_ids: string[];
  created_at: string;
  updated_at: string;
}

/** An entity that a part of a flow names: how a save makes it when there is none with this id. */
export interface NamedEntity {
  id: string;
  name: string;
  moduleIds: string[];
  isSource: boolean;
  isRecipient: boolean;
}

export interface EntityKey {
  accountId: string;
  entityId: string;
}

export type EntityRemoval =
  | { kind: 'done'; entity: Entity }
  | { kind: 'missing' }
  /** Flows name it, as they are saved or as they run. */
  | { kind: 'used'; flows: { id: string; name: string }[] };

/** Entities of one account. */
export interface EntityStore {
  /** By name. */
  list(accountId: string): Promise<Entity[]>;
  /** The name of each, by id. */
  listNames(accountId: string): Promise<Map<string, string>>;
  find(key: EntityKey): Promise<Entity | null>;
  /** null: the id is taken. */
  insert(key: EntityKey, made: { definition: EntityDefinition; now: number }): Promise<Entity | null>;
  /** null: there is none. */
  replace(key: EntityKey, made: { definition: EntityDefinition; now: number }): Promise<Entity | null>;
  remove(key: EntityKey): Promise<EntityRemoval>;
}

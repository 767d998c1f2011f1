import type { Actor } from '../access/principal.ts';

/** The lists that views are of. */
export const VIEW_SECTIONS = ['leads', 'events'] as const;
export type ViewSection = (typeof VIEW_SECTIONS)[number];

/** Of one person or key, shared ones included. */
export const VIEWS_MAX = 100;
export const VIEW_NAME_CHARACTERS_MAX = 80;

/** Time that ends now; a view with one moves on with the clock. */
export const VIEW_RANGES = ['1h', '24h', '7d', '30d', '90d'] as const;
export const VIEW_SHAPES = ['list', 'reasons'] as const;

/** Parameters of the list as texts, several where the list takes several. It has no value of a lead (decision page 0107). */
export type ViewQuery = Readonly<Record<string, string | readonly string[]>>;

/** A view as its owner sets it. */
export interface ViewDefinition {
  name: string;
  section: ViewSection;
  query: ViewQuery;
  /** true: everybody of the account who may read leads has it. */
  isShared: boolean;
}

export interface View extends ViewDefinition {
  id: string;
  /** Who saved it, by the name of that day; null: every account has it, and nobody changes it. */
  owner: Actor | null;
  /** Epoch ms; null as `owner`. */
  createdAt: number | null;
  updatedAt: number | null;
}

export interface ViewKey {
  accountId: string;
  viewId: string;
}

export interface ViewStore {
  /** Those of the person or key, and all that are shared; by name. */
  list(asked: { accountId: string; ownerId: string }): Promise<View[]>;
  /** Whosever it is. */
  find(key: ViewKey): Promise<View | null>;
  /** null: the owner has as many as one may have. */
  insert(key: ViewKey, made: { definition: ViewDefinition; owner: Actor; now: number }): Promise<View | null>;
  /** null: there is none. */
  replace(key: ViewKey, made: { definition: ViewDefinition; now: number }): Promise<View | null>;
  remove(key: ViewKey): Promise<View | null>;
}

import type { Router, RouterDefinition } from '../model/router.ts';

export interface RouterKey {
  accountId: string;
  routerId: string;
}

/** Routers as they are stored. There is no way to delete one: a URL that senders have must go on to answer. */
export interface RouterStore {
  /** Oldest first. */
  list(accountId: string): Promise<Router[]>;
  find(key: RouterKey): Promise<Router | null>;
  /** null: the account has as many as there may be. */
  insert(key: RouterKey, made: { definition: RouterDefinition; now: number }): Promise<Router | null>;
  /** null: there is none. */
  replace(key: RouterKey, made: { definition: RouterDefinition; now: number }): Promise<Router | null>;
}

/** Routers of an account: all are in the memory of each process. */
export const ROUTERS_MAX = 500;

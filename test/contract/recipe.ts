import type { DocumentedRoute } from '../../src/http/route.ts';
import type { Stage } from './stage.ts';

/** A request that gets a certain answer. Method and path are the row's unless it says otherwise. */
export interface Sent {
  method?: string;
  params?: Readonly<Record<string, string>>;
  /** Without the question mark. */
  query?: string;
  /** Sent as JSON. */
  body?: unknown;
  /** Instead of `body`: as it is sent. */
  text?: string;
  headers?: Readonly<Record<string, string>>;
  /** Who asks; absent: an owner’s key, or on a route about the person who is signed in an owner’s session. */
  as?: Caller;
  /** The server whose database is whole; one whose statements fail; one whose database cannot be reached. */
  server?: 'whole' | 'failing' | 'away';
  /** Called when the answer has come: ends what was held up for it. */
  after?(): Promise<void>;
}

export type Caller = { key: string } | { cookie: string; csrf?: string } | 'nobody';

/** How a row is brought to give an answer. */
export interface Recipe {
  /** What is asked, for the reference. */
  how: string;
  /** Makes what must be there before, and says what to send. */
  prepare(stage: Stage, route: DocumentedRoute): Sent | Promise<Sent>;
}

/** By the names of the answers. */
export type RecipesOfRoute = Readonly<Record<string, Recipe>>;

export function recipe(how: string, prepare: Recipe['prepare']): Recipe {
  return { how, prepare };
}

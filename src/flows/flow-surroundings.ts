import type { FlowSurroundings } from '../flow-compiler/flow-compiler.ts';
import { assert } from '../lib/assert.ts';
import type { Account } from '../model/entity.ts';

/**
 * Reads all that the flows of an account may name beside themselves; null: there is no such account. The one reader for
 * saving, checking, deploying and running a flow, so that each of them compiles the same flow from the same revision.
 */
export type ReadSurroundings = (accountId: string) => Promise<FlowSurroundings | null>;

export interface SurroundingsDeps {
  readSurroundings: ReadSurroundings;
}

/** The same for the account of a caller, which exists. */
export async function loadSurroundings(
  { readSurroundings }: SurroundingsDeps,
  accountId: string,
): Promise<FlowSurroundings> {
  const surroundings = await readSurroundings(accountId);
  assert(surroundings !== null, `the account ${accountId} of an API key exists`);
  return surroundings;
}

/** An account that has nothing yet. */
export function bareSurroundings(account: Account): FlowSurroundings {
  return {
    account,
    customFields: [],
    deletedFields: [],
    lists: new Map(),
    destinations: new Map(),
    pricingServices: new Map(),
    credentials: new Map(),
    batches: new Map(),
  };
}

/** Has the right form and belongs to no account: nothing is sent with it. */
const KEY = `whsec_${Buffer.alloc(32).toString('base64')}`;

/**
 * The same without the keys of destinations and pricing services: for flows that only show what they would send, or what they sent. A caller
 * who simulates a lead must not get a document of its own choice that is signed with a real key.
 */
export function withholdKeys(surroundings: FlowSurroundings): FlowSurroundings {
  const destinations = [...surroundings.destinations].map(
    ([id, destination]) => [id, { ...destination, secret: KEY }] as const,
  );
  const services = [...surroundings.pricingServices].map(([id, live]) => [id, { ...live, secret: KEY }] as const);
  return { ...surroundings, destinations: new Map(destinations), pricingServices: new Map(services) };
}

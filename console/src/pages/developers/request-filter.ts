import type { KeyRequest, KeyRequestFilter } from '../../api/key-requests.ts';
import type { ApiKey } from '../../api/people.ts';
import type { Search } from '../../parts/use-address.ts';

/** Of the address; what the API would refuse is left out. */
export function readRequestFilter({ status, operation, before }: Search): KeyRequestFilter {
  return {
    ...(status === 'errors' && { status: ['4xx', '5xx'] }),
    ...(operation !== undefined && { operation }),
    ...(before !== undefined && /^[0-9a-f]{24}$/.test(before) && { before_id: before }),
  };
}

/** The key of the address; without one, or when there is none of that id, the key that was used last. */
export function chooseKey(keys: readonly ApiKey[], id: string | undefined): ApiKey | undefined {
  const byUse = keys.toSorted((one, other) => (other.last_used_at ?? '').localeCompare(one.last_used_at ?? ''));
  return keys.find((key) => key.id === id) ?? byUse[0];
}

/** A refusal is of the caller, an error of the server: as icon and word, never by colour alone. */
export function describeStatus(status: number): { status: string; word: string } {
  const look = status >= 500 ? 'error' : status >= 400 ? 'failure' : 'success';
  return { status: look, word: String(status) };
}

/** Of the rows that are shown, and the one that is picked. */
export function listOperations(rows: readonly Pick<KeyRequest, 'operation'>[], picked: string | undefined): string[] {
  const names = new Set(rows.map(({ operation }) => operation));
  if (picked !== undefined) names.add(picked);
  return [...names].sort();
}

import type { Clock } from '../../../../lib/clock.ts';
import type { Result } from '../../../../lib/result.ts';
import type { WsdlProblem } from './fetch-wsdl.ts';
import type { Wsdl } from './wsdl.ts';

/** A recipient that changes its service is followed within this time. */
const FRESH_MS = 5 * 60_000;
/** An unreadable WSDL is not read again for every lead, but soon enough after it is corrected. */
const UNREADABLE_MS = 30_000;
/** A URL may be a template, so the number of different ones has no end. */
const ENTRIES_MAX = 50;

export interface WsdlCache {
  find(key: string): Result<Wsdl, WsdlProblem> | undefined;
  /** One that could not be fetched is not kept: the next lead tries again. */
  keep(key: string, fetched: Result<Wsdl, WsdlProblem>): void;
}

/** WSDLs as they were read, so that a delivery normally costs one exchange. The one kept the longest makes room. */
export function createWsdlCache(clock: Clock): WsdlCache {
  const entries = new Map<string, { fetched: Result<Wsdl, WsdlProblem>; until: number }>();
  return {
    find(key) {
      const entry = entries.get(key);
      if (entry && clock.monotonic() < entry.until) return entry.fetched;
      entries.delete(key);
      return undefined;
    },
    keep(key, fetched) {
      if (!fetched.ok && fetched.error.kind === 'unreachable') return;
      const [oldest] = entries.keys();
      if (entries.size >= ENTRIES_MAX && oldest !== undefined && !entries.has(key)) entries.delete(oldest);
      entries.delete(key);
      entries.set(key, { fetched, until: clock.monotonic() + (fetched.ok ? FRESH_MS : UNREADABLE_MS) });
    },
  };
}

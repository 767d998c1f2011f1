import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { SluiceError } from '../../../client/src/client.ts';
import { api } from '../api/client.ts';

/** How often a lost server is asked whether it is back. */
const PROBE_MS = 3_000;
const PROBE_TIMEOUT_MS = 2_000;

/** Since when the server cannot be reached; null: it can. Once it is back everything shown is read again. */
export function useConnection(): Date | null {
  const queries = useQueryClient();
  const [lostAt, setLostAt] = useState<Date | null>(null);
  const isLost = lostAt !== null;
  useEffect(() => {
    const lose = () => setLostAt((before) => before ?? new Date());
    const stop = queries.getQueryCache().subscribe((event) => {
      if (event.type === 'updated' && (event.action.type === 'error' || event.action.type === 'failed'))
        if (isUnreachable(event.action.error)) lose();
    });
    window.addEventListener('offline', lose);
    return () => {
      stop();
      window.removeEventListener('offline', lose);
    };
  }, [queries]);
  useEffect(() => {
    if (!isLost) return;
    const probe = async () => {
      try {
        await api.request('GET', '/livez', { timeoutMs: PROBE_TIMEOUT_MS });
        setLostAt(null);
        await queries.invalidateQueries();
      } catch {
        // The next probe asks again.
      }
    };
    const timer = setInterval(() => void probe(), PROBE_MS);
    return () => clearInterval(timer);
  }, [isLost, queries]);
  return lostAt;
}

function isUnreachable(error: unknown): boolean {
  return error instanceof SluiceError && error.status === null;
}

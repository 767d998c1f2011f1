import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { SluiceError } from '../../../client/src/client.ts';
import { api, setCsrfToken } from './client.ts';

export type Session = Awaited<ReturnType<typeof api.readSession>>;

/** Who is signed in; null: nobody is. */
export const sessionQuery = queryOptions({ queryKey: ['session'], queryFn: readSession, staleTime: 60_000 });

/** Keeps the CSRF token of the session, too. */
export async function readSession(): Promise<Session | null> {
  try {
    const session = await api.readSession();
    setCsrfToken(session.csrf_token);
    return session;
  } catch (error) {
    if (error instanceof SluiceError && error.status === 401) return null;
    throw error;
  }
}

/** A session that has just begun. */
export function keepSession(queries: QueryClient, session: Session): void {
  setCsrfToken(session.csrf_token);
  queries.setQueryData(sessionQuery.queryKey, session);
}

/** Forgets everything that was read with it. */
export function dropSession(queries: QueryClient): void {
  setCsrfToken(undefined);
  queries.clear();
}

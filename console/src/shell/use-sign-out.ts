import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api } from '../api/client.ts';
import { dropSession } from '../api/session.ts';

/** Ends the session, forgets what was read with it, and shows the sign-in. */
export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    await api.signOut();
    await navigate({ to: '/sign-in', search: {} });
    dropSession(queries);
  };
}

import { getRouteApi } from '@tanstack/react-router';
import type { Session } from './session.ts';

const signedIn = getRouteApi('/signed-in');

/** Who is signed in; only for what is shown inside the shell. What uses it is drawn anew when that changes, not at each address. */
export function useSession(): Session {
  return signedIn.useRouteContext({ select: ({ session }) => session });
}

/** May the signed-in person do what takes this permission? */
export function useMay(permission: string): boolean {
  return useSession().permissions.includes(permission);
}

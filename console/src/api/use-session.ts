import { getRouteApi, useMatch } from '@tanstack/react-router';
import { findOwnZone } from '../parts/zones.ts';
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

/** The zone that times are shown in: of the account; of the browser where nobody is signed in, as on an invitation. */
export function useZone(): string {
  const zone = useMatch({
    from: '/signed-in',
    shouldThrow: false,
    select: ({ context }) => context.session.account.time_zone,
  });
  return zone ?? findOwnZone();
}

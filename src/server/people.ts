import { randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { buildInvitationUrl } from '../access/users/invitation-url.ts';
import { createPasswordHasher, SCRYPT_COST, type ScryptCost } from '../access/users/password-hash.ts';
import type { PeopleDeps } from '../access/users/people.ts';
import type { UserSettingsStore } from '../access/users/user-store.ts';
import type { Config } from '../config.ts';
import { createSessionCookies, type SessionCookies } from '../http/session-cookie.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import { createSecondFactorStore } from '../store/postgres/second-factors.ts';
import { createSessionStore } from '../store/postgres/sessions.ts';
import { createSignInFailureStore } from '../store/postgres/sign-in-failures.ts';
import { createUserSettingsStore } from '../store/postgres/user-settings.ts';
import type { SecretBox } from '../store/secret-box.ts';
import type { ServerParts } from './server-parts.ts';

/** What the routes of people and of their sessions use. */
export interface People extends Omit<PeopleDeps, 'users'> {
  cookies: SessionCookies;
  userSettings: UserSettingsStore;
  buildInvitationUrl(token: string): string;
}

interface PeopleParts extends Pick<ServerParts, 'pool'> {
  secretBox: SecretBox;
  clock: Clock;
  ids: Ids;
  passwordCost?: ScryptCost | undefined;
}

/** Builds what lets people in, over the connections of the API. */
export function openPeople(
  { pool, secretBox, clock, ids, passwordCost = SCRYPT_COST }: PeopleParts,
  config: Config,
): People {
  return {
    sessions: createSessionStore(pool),
    secondFactors: createSecondFactorStore(pool, secretBox),
    failures: createSignInFailureStore(pool),
    userSettings: createUserSettingsStore(pool),
    passwords: createPasswordHasher({ scrypt: promisify(scrypt), randomBytes, cost: passwordCost }),
    cookies: createSessionCookies({ isSecure: config.publicUrl?.startsWith('https:') ?? false }),
    buildInvitationUrl: (token) => buildInvitationUrl(config, token),
    clock,
    ids,
    randomBytes,
  };
}

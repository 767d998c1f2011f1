import type { PasswordHasher } from './password-hash.ts';
import type { SessionDeps } from './sessions.ts';
import type { SecondFactorStore, SignInFailureStore, UserStore } from './user-store.ts';

/** What is needed to let people in and to change how they get in. */
export interface PeopleDeps extends SessionDeps {
  users: UserStore;
  secondFactors: SecondFactorStore;
  failures: SignInFailureStore;
  passwords: PasswordHasher;
}

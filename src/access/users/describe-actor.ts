import type { Actor } from '../principal.ts';
import type { User } from './user.ts';

/** A signed-in user as an actor: by the name, or the id of one without a name, because logs never have the address. */
export function describeActor(user: User): Actor {
  return { kind: 'session', id: user.id, name: fullName(user) ?? user.id };
}

/** null: the person has not given a name. */
export function fullName({ firstName, lastName }: Pick<User, 'firstName' | 'lastName'>): string | null {
  const name = `${firstName} ${lastName}`.trim();
  return name === '' ? null : name;
}

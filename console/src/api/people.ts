import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

export type Person = Awaited<ReturnType<typeof api.listUsers>>[number];
export type Role = Person['role'];
export type RoleList = Awaited<ReturnType<typeof api.listRoles>>;
export type OwnSession = Awaited<ReturnType<typeof api.listOwnSessions>>[number];
export type ApiKey = Awaited<ReturnType<typeof api.listApiKeys>>[number];

export const usersQuery = queryOptions({ queryKey: ['users'], queryFn: () => api.listUsers() });

/** The same for every account, and for the life of the server. */
export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: () => api.listRoles(),
  staleTime: Number.POSITIVE_INFINITY,
});

export const apiKeysQuery = queryOptions({ queryKey: ['api-keys'], queryFn: () => api.listApiKeys() });

export const ownSessionsQuery = queryOptions({ queryKey: ['own-sessions'], queryFn: () => api.listOwnSessions() });

/** `Ann Miller`; the address of a person who has not said a name. */
export function namePerson({
  first_name,
  last_name,
  email,
}: Pick<Person, 'first_name' | 'last_name' | 'email'>): string {
  return [first_name, last_name].filter((each) => each !== '').join(' ') || email;
}

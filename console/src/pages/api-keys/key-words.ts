import type { ApiKey } from '../../api/people.ts';

export const STATES = {
  valid: { status: 'success', word: 'Valid' },
  expired: { status: 'skip', word: 'Expired' },
  revoked: { status: 'failure', word: 'Revoked' },
} as const;

/** `now`: epoch ms. */
export function stateOf(key: Pick<ApiKey, 'revoked_at' | 'expires_at'>, now: number): keyof typeof STATES {
  if (key.revoked_at !== null) return 'revoked';
  return key.expires_at !== null && Date.parse(key.expires_at) <= now ? 'expired' : 'valid';
}

/** `role vendor`, `leads.read, jobs.read`, `leads.read and 4 more`. */
export function describeScope({ role, permissions }: Pick<ApiKey, 'role' | 'permissions'>): string {
  if (role !== null) return `Role ${role}`;
  const [first = '', second] = permissions;
  if (permissions.length <= 2) return second === undefined ? first : `${first}, ${second}`;
  return `${first} and ${permissions.length - 1} more`;
}

/** What a key that submits leads is limited to. */
export function describeLimits({
  flow_ids: flows,
  source_ids: sources,
  permissions,
}: Pick<ApiKey, 'flow_ids' | 'source_ids' | 'permissions'>): string {
  const limits = [flows && count(flows.length, 'flow'), sources && count(sources.length, 'source')].filter(Boolean);
  if (limits.length > 0) return limits.join(', ');
  return permissions.includes('leads.submit') ? 'All sources' : '–';
}

function count(number: number, noun: string): string {
  return number === 1 ? `1 ${noun}` : `${number} ${noun}s`;
}

import type { Credential } from '../model/credential.ts';
import { attributesOf } from './credential-types.ts';

/** A credential as the API answers it and the activity log keeps it: each secret of its type is null (decision 34). */
export function describeCredential(credential: Credential): Record<string, unknown> {
  const { id, name, type, package: of, settings, createdAt, updatedAt, lastUsedAt, tokenExpiresAt } = credential;
  const values = attributesOf(type).map(({ name: attribute, isSecret }) => [
    attribute,
    isSecret ? null : (settings[attribute] ?? null),
  ]);
  return {
    id,
    name,
    type,
    package: of,
    ...Object.fromEntries(values),
    created_at: writeTime(createdAt),
    updated_at: writeTime(updatedAt),
    last_used_at: writeTime(lastUsedAt),
    expires_at: writeTime(tokenExpiresAt),
  };
}

function writeTime(epochMs: number | null): string | null {
  return epochMs === null ? null : new Date(epochMs).toISOString();
}

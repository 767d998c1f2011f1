import { describe, expect, it } from 'vitest';
import { CREDENTIAL_TYPES, type CredentialTypeName, type LiveCredential } from '../model/credential.ts';
import { openCredential, openMasked } from './open-credential.ts';

const live = (type: CredentialTypeName, parts: Partial<LiveCredential>): LiveCredential => ({
  ...{ id: 'c', name: 'CRM', type, package: null, accountId: 'acc', settings: {}, secrets: {} },
  ...{ createdAt: 0, updatedAt: 0, lastUsedAt: null, tokenExpiresAt: null },
  ...parts,
});

describe('an opened credential', () => {
  // biome-ignore format: a table reads better in rows
  it.each<[string, LiveCredential, string | null, unknown, string[]]>([
    ['of the type user is Basic authentication as UTF-8', live('user', { settings: { username: 'é' }, secrets: { password: 'p:w' } }), null, { kind: 'header', name: 'Authorization', value: 'Basic w6k6cDp3' }, ['p:w']],
    ['of the type token is a bearer token', live('token', { secrets: { token: 't' } }), null, { kind: 'header', name: 'Authorization', value: 'Bearer t' }, ['t']],
    ['of the type api_key is a header', live('api_key', { settings: { location: 'header', parameter: 'X-K' }, secrets: { key: 'k' } }), null, { kind: 'header', name: 'X-K', value: 'k' }, ['k']],
    ['of the type api_key is a parameter', live('api_key', { settings: { location: 'query', parameter: 'k' }, secrets: { key: 'k1' } }), null, { kind: 'query', name: 'k', value: 'k1' }, ['k1']],
    ['of the type api_key is nothing where mappings read it', live('api_key', { settings: { location: 'none', parameter: 'k' }, secrets: { key: 'k1' } }), null, null, ['k1']],
    ['of the type oauth2 is its token', live('oauth2', { secrets: { client_secret: 's' } }), 'at', { kind: 'header', name: 'Authorization', value: 'Bearer at' }, ['at']],
    ['of the type smtp says nothing of requests', live('smtp', { settings: { host: 'h' }, secrets: { password: 'p' } }), null, null, ['p']],
  ])('%s', (_, credential, accessToken, authorization, secrets) => {
    expect(openCredential(credential, accessToken)).toMatchObject({ authorization, secrets, accessToken });
  });

  it('shows recipients its token, and not what the token was fetched with', () => {
    const opened = openCredential(live('oauth2', { secrets: { client_secret: 'client-secret' } }), 'at');
    expect(opened?.vars).toMatchObject({ access_token: 'at', token: 'at', accessToken: 'at' });
    expect(JSON.stringify(opened)).not.toContain('client-secret');
  });

  it('lists each secret once, and none that is blank', () => {
    const { secrets } = openCredential(live('aws', { secrets: { a: 'same', b: 'same', c: '' } }), null) ?? {};
    expect(secrets).toEqual(['same']);
  });

  it('is none where its secrets cannot be read', () => {
    expect(openCredential(live('user', { secrets: null }), null)).toBeNull();
  });
});

describe('a masked credential', () => {
  it.each(CREDENTIAL_TYPES)('of the type %s has no secret and no header without a name', (type) => {
    const masked = openMasked({ id: 'c', name: 'CRM', type });
    expect(masked.secrets).toEqual([]);
    expect(masked.authorization?.name ?? 'Authorization').toBe('Authorization');
    expect(JSON.stringify(masked)).not.toContain('undefined');
  });
});

import { describe, expect, it } from 'vitest';
import { createSessionCookies } from './session-cookie.ts';

const TOKEN = `${'a-B_9'.repeat(8)}xyz`;

describe('the cookie of a session', () => {
  const plain = createSessionCookies({ isSecure: false });
  const secure = createSessionCookies({ isSecure: true });

  it('goes over TLS alone where the server is reached by it', () => {
    expect(secure.set(TOKEN)).toBe(
      `__Host-sluice_session=${TOKEN}; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=604800`,
    );
    expect(plain.set(TOKEN)).not.toContain('Secure');
  });

  it.each([
    [`sluice_session=${TOKEN}`, TOKEN],
    [`theme=dark; sluice_session=${TOKEN}; x=y`, TOKEN],
    [`__Host-sluice_session=${TOKEN}`, undefined],
    [`sluice_session=${TOKEN}x`, undefined],
    ['sluice_session=', undefined],
    ['', undefined],
    [undefined, undefined],
    [`${'a=b; '.repeat(2_000)}sluice_session=${TOKEN}`, undefined],
  ])('%s is read as %s', (header, token) => {
    expect(plain.read(header)).toBe(token);
  });

  it('of a server without TLS is not taken by one with it', () => {
    expect(secure.read(`sluice_session=${TOKEN}`)).toBeUndefined();
    expect(secure.read(`__Host-sluice_session=${TOKEN}`)).toBe(TOKEN);
  });
});

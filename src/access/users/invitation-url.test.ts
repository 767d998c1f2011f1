import { expect, it } from 'vitest';
import { buildInvitationUrl } from './invitation-url.ts';

it.each([
  [{ publicUrl: 'https://leads.example.com', host: '0.0.0.0', port: 8400 }, 'https://leads.example.com'],
  [{ publicUrl: null, host: '127.0.0.1', port: 8400 }, 'http://127.0.0.1:8400'],
  [{ publicUrl: null, host: '0.0.0.0', port: 8400 }, 'http://localhost:8400'],
  [{ publicUrl: null, host: '::', port: 8400 }, 'http://localhost:8400'],
  [{ publicUrl: null, host: '::1', port: 8400 }, 'http://[::1]:8400'],
])('an invitation at %j begins with %s', (place, origin) => {
  expect(buildInvitationUrl(place, 'token')).toBe(`${origin}/app/invitation#token`);
});

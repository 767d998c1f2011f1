import { describe, expect, it } from 'vitest';
import { REDACTED, redactSecrets } from './redact-secrets.ts';

const CASES: [string, unknown, unknown][] = [
  ['a secret by its name', { password: 'hunter2hunter2' }, { password: REDACTED }],
  ['a number of such a name', { pin: 1, api_key: 123456 }, { pin: 1, api_key: REDACTED }],
  ['one deep inside', { steps: [{ auth: [{ secret: 'abcdef' }] }] }, { steps: [{ auth: [{ secret: REDACTED }] }] }],
  [
    'the value of a mapping of such a property',
    { property: 'header.Authorization', value: 'Basic QVBJOg==' },
    { property: 'header.Authorization', value: REDACTED },
  ],
  ['an address with a key in it', { url: 'https://x.example/?api_key=abcdef' }, { url: REDACTED }],
  ['a key by its shape', { note: 'sk_live_0123456789ab' }, { note: REDACTED }],
  [
    'nothing else',
    { name: 'Token of love', n: 1, ok: true, none: null },
    { name: 'Token of love', n: 1, ok: true, none: null },
  ],
  ['no template', { password: '{{credential.password}}' }, { password: '{{credential.password}}' }],
  ['nothing of nothing', null, null],
];

describe('redactSecrets redacts', () => {
  it.each(CASES)('%s', (_name, document, redacted) => {
    expect(redactSecrets(document)).toEqual(redacted);
  });
});

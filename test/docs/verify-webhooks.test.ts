import { execFile, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { buildSignedHeaders } from '../../src/integrations/formats/standard-webhook.ts';

/* The code of docs/guides/webhooks.md that checks signatures, run on what the server signs. */

const execute = promisify(execFile);
const GUIDE = readFileSync(new URL('../../docs/guides/webhooks.md', import.meta.url), 'utf8');
const NOW = Date.UTC(2025, 2, 3, 12);
const SECRET = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
const OTHER = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const BODY = '{"id":"67c59a40aaaaaaaaaaaaaaaa","name":"Zoë 🏠"}';

const headers = Object.fromEntries(
  Object.entries(
    buildSignedHeaders(
      { id: '67c59a40aaaaaaaaaaaaaaaa', body: BODY, secret: SECRET },
      { sign: (key, text) => createHmac('sha256', key).update(text).digest('base64'), now: () => NOW },
    ),
  ).map(([name, value]) => [name.toLowerCase(), value]),
);

/** Case by case: headers, body, secret, and the receiver's time in seconds. */
const CASES = [
  { name: 'as it was sent', isSigned: true },
  { name: 'another signature before it', isSigned: true, signature: `v1,AAAA ${headers['webhook-signature']}` },
  { name: 'five minutes later', isSigned: true, later: 300 },
  { name: 'six minutes later', isSigned: false, later: 360 },
  { name: 'from the future', isSigned: false, later: -360 },
  { name: 'another body', isSigned: false, body: `${BODY} ` },
  { name: 'another secret', isSigned: false, secret: OTHER },
  { name: 'no signature', isSigned: false, signature: '' },
].map(({ name, isSigned, signature, later = 0, body = BODY, secret = SECRET }) => ({
  ...{ name, isSigned, body, secret, now: NOW / 1000 + later },
  headers: { ...headers, ...(signature === undefined ? {} : { 'webhook-signature': signature }) },
}));
const GIVEN = JSON.stringify([...CASES, { ...CASES[0], headers: {} }]);
const EXPECTED = [...CASES.map(({ isSigned }) => isSigned), false];

function codeIn(language: string): string {
  const code = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'ms').exec(GUIDE)?.[1];
  expect(code).toBeDefined();
  return code ?? '';
}

const hasPython = spawnSync('python3', ['-c', '"".removeprefix("")']).status === 0;

describe('the code that checks signatures of webhooks', () => {
  it('takes in Node what the server signed lately, and nothing else', async () => {
    const run = `console.log(JSON.stringify(JSON.parse(process.argv[1]).map((c) => isSigned(c.headers, c.body, c.secret, c.now * 1000))));`;
    const { stdout } = await execute('node', ['--input-type=module', '-e', `${codeIn('js')}\n${run}`, GIVEN]);
    expect(JSON.parse(stdout)).toEqual(EXPECTED);
  });

  it.skipIf(!hasPython)('takes in Python what the server signed lately, and nothing else', async () => {
    const run = `import json, sys\nprint(json.dumps([is_signed(c["headers"], c["body"].encode(), c["secret"], c["now"]) for c in json.loads(sys.argv[1])]))`;
    const { stdout } = await execute('python3', ['-c', `${codeIn('python')}\n${run}`, GIVEN]);
    expect(JSON.parse(stdout)).toEqual(EXPECTED);
  });
});

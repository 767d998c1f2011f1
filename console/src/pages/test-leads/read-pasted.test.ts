import { describe, expect, it } from 'vitest';
import { buildCurl } from '../setup/sample-lead.ts';
import { readPasted } from './read-pasted.ts';

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

describe('what was pasted', () => {
  it.each([
    ['JSON', '{"email":"a@example.com"}', { values: { email: 'a@example.com' } }],
    [
      'a form body',
      'email=a%40example.com&state=TX',
      { submission: { method: 'POST', headers: FORM, body: 'email=a%40example.com&state=TX' } },
    ],
    [
      'the command that the console shows',
      buildCurl('https://x.example/flows/f/sources/s/submit', { last_name: "O'Hara" }),
      { submission: { method: 'POST', headers: { Accept: 'application/json', ...FORM }, body: 'last_name=O%27Hara' } },
    ],
    [
      'a command of several lines with JSON, a key and a query',
      `curl -X POST 'https://x.example/submit?redir=1' \\\n  -u :secret -H "Content-Type: application/json" -H 'Authorization: Bearer x' \\\n  --data '{"a": "b c"}'`,
      {
        submission: {
          method: 'POST',
          query: 'redir=1',
          headers: { 'Content-Type': 'application/json' },
          body: '{"a": "b c"}',
        },
      },
    ],
    [
      '--json',
      `curl --json '{"a":1}' https://x.example/`,
      { submission: { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"a":1}' } },
    ],
    [
      'a query alone',
      'curl "https://x.example/submit?a=1&b=2"',
      { submission: { method: 'GET', query: 'a=1&b=2', headers: {} } },
    ],
    [
      'two pieces of data',
      'curl -da=1 -d b=2 https://x.example/',
      { submission: { method: 'POST', headers: FORM, body: 'a=1&b=2' } },
    ],
  ])('is read: %s', (_name, text, given) => expect(readPasted(text)).toMatchObject({ ok: true, given }));

  it.each([
    ['', 'Paste JSON'],
    ['{"a":', 'cannot be read'],
    ['[1]', 'neither JSON'],
    ['hello world', 'neither JSON'],
    ["curl -d 'a=1", 'not closed'],
    ['curl -d @lead.json https://x.example/', 'from a file'],
    ['curl https://x.example/', 'submits nothing'],
    ['curl -X DELETE -d a=1 https://x.example/', 'method DELETE'],
  ])('%j is refused with what to do', (text, problem) => {
    expect(readPasted(text)).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
  });

  it('has no key of the command', () => {
    expect(
      JSON.stringify(readPasted("curl -u :secret -H 'Authorization: secret' -d a=1 https://x.example/")),
    ).not.toContain('secret');
  });
});

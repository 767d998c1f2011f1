import { describe, expect, it } from 'vitest';
import { buildCommand } from './build-command.ts';
import type { Content, Operation } from './read-reference.ts';

const ORIGIN = 'https://leads.example.com';
const json = (example?: unknown): Content => ({ type: 'application/json', schema: {}, example });

const operation = (method: string, path: string, permission: string, content?: Content): Operation => ({
  ...{ name: 'name', method, path, permission, summary: 'Does it.', description: undefined },
  ...{ parameters: [], answers: [] },
  body: content && { isRequired: true, contents: [content] },
});

describe('an operation as a command', () => {
  it.each<[what: string, asked: Operation, text: string, blanks: string[]]>([
    [
      'with a key',
      operation('GET', '/leads', 'leads.read'),
      `curl -s -u "api:$KEY" 'https://leads.example.com/leads'`,
      [],
    ],
    [
      'with what to fill in',
      operation('DELETE', '/flows/{flow_id}/links/{id}', 'flows.write'),
      `curl -s -u "api:$KEY" -X DELETE 'https://leads.example.com/flows/FLOW_ID/links/ID'`,
      ['FLOW_ID', 'ID'],
    ],
    ['without a key', operation('GET', '/livez', 'public'), `curl -s 'https://leads.example.com/livez'`, []],
    [
      'of a person',
      operation('POST', '/user/password', 'session', json({ password: "it's" })),
      `curl -s -b cookies.txt -H "X-CSRF-Token: $CSRF" 'https://leads.example.com/user/password' \\\n  -H 'Content-Type: application/json' \\\n  -d '{"password":"it'\\''s"}'`,
      [],
    ],
    [
      'that changes something without a body',
      operation('POST', '/flows/{id}/deploy', 'flows.deploy'),
      `curl -s -u "api:$KEY" -X POST 'https://leads.example.com/flows/ID/deploy'`,
      ['ID'],
    ],
    [
      'with a file',
      operation('POST', '/leads/imports', 'leads.submit', {
        type: 'text/csv',
        schema: { type: 'string', format: 'binary' },
        example: undefined,
      }),
      `curl -s -u "api:$KEY" 'https://leads.example.com/leads/imports' \\\n  -H 'Content-Type: text/csv' \\\n  --data-binary @rows.csv`,
      ['rows.csv'],
    ],
    [
      'with a body that the document has no example of',
      operation('PUT', '/flows', 'flows.replace_all', json()),
      `curl -s -u "api:$KEY" -X PUT 'https://leads.example.com/flows' \\\n  -H 'Content-Type: application/json' \\\n  -d @body.json`,
      ['body.json'],
    ],
  ])('%s', (_, asked, text, blanks) => {
    expect(buildCommand(asked, ORIGIN)).toEqual({ text, blanks });
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, type ComposedServer, startTestServer } from '../harness/server.ts';
import { flowOf, NO_DUPLICATES } from './flows.ts';

describe.each([
  {
    trusted: ['127.0.0.1/32', '10.0.0.0/8'],
    cases: [
      ['', '127.0.0.1'],
      ['203.0.113.9', '203.0.113.9'],
      ['198.51.100.1, 203.0.113.9', '203.0.113.9'],
      ['198.51.100.1, 203.0.113.9, 10.1.2.3', '203.0.113.9'],
      ['203.0.113.9:4711', '203.0.113.9'],
      ['2001:db8::9', '2001:db8::9'],
      ['[2001:db8::9]:4711', '2001:db8::9'],
      ['::ffff:203.0.113.9', '203.0.113.9'],
      ['unknown', '127.0.0.1'],
      ['203.0.113.9, <script>', '127.0.0.1'],
      ['10.1.2.3', '10.1.2.3'],
    ],
  },
  { trusted: ['10.0.0.0/8'], cases: [['203.0.113.9', '127.0.0.1']] },
  { trusted: [], cases: [['203.0.113.9', '127.0.0.1']] },
])('with the trusted proxies $trusted', ({ trusted, cases }) => {
  let server: ComposedServer;
  let path: string;
  beforeAll(async () => {
    server = await startTestServer({ trustedProxies: trusted });
    const flow = await server.deploy(flowOf([], NO_DUPLICATES));
    path = `/flows/${flow.id}/sources/${flow.sources[0].entity.id}/submit?first_name=Ada`;
  });
  afterAll(() => server.stop());

  it.each(cases)('X-Forwarded-For "%s" makes submission.ip %s', async (header, expected) => {
    const headers = { Accept: 'application/json', ...(header === '' ? {} : { 'X-Forwarded-For': header }) };
    const answer = await ask(`${server.url}${path}`, { headers });
    const [lead] = await server.query(
      `select document -> 'vars' -> 'submission' ->> 'ip' as ip from lead_data where lead_id = $1`,
      [answer.body.lead.id],
    );
    expect(lead?.['ip']).toBe(expected);
  });
});

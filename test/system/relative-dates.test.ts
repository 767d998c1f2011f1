import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ComposedServer, type SubmitTarget, startTestServer } from '../harness/server.ts';
import { flowOf } from './flows.ts';

const LAST_WEEK = '{{format submission.timestamp operator="subtract" days="7"}}-{{submission.timestamp}}';
const EIGHTEEN_YEARS_AGO = '{{format submission.timestamp format="YYYY-MM-DD" operator="subtract" years="18"}}';
const DAY_MS = 86_400_000;

let server: ComposedServer;
let flow: SubmitTarget;
beforeAll(async () => {
  server = await startTestServer();
  flow = await server.deploy(
    flowOf([], {
      fields: ['dob', 'source_timestamp'],
      acceptance_criteria: {
        rule_set: {
          op: 'and',
          rules: [
            { lhv: 'lead.source_timestamp', op: 'is between', rhv: LAST_WEEK },
            { lhv: 'lead.dob', op: 'is less than or equal to', rhv: EIGHTEEN_YEARS_AGO },
          ],
        },
      },
    }),
  );
});
afterAll(() => server.stop());

const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();
const ADULT = '1990-05-17';
/** Seventeen years and some months, whatever day it is. */
const MINOR = daysAgo(17.5 * 365).slice(0, 10);

describe('criteria about the age of things', () => {
  it.each<[string, object, object]>([
    ['a fresh time of an adult', { dob: ADULT, source_timestamp: daysAgo(6) }, { outcome: 'success' }],
    [
      'an old time',
      { dob: ADULT, source_timestamp: daysAgo(8) },
      { outcome: 'failure', reason: expect.stringMatching(/^Source Timestamp must be between 2\d{3}-.*Z-2\d{3}-.*Z$/) },
    ],
    ['a time to come', { dob: ADULT, source_timestamp: daysAgo(-1) }, { outcome: 'failure' }],
    [
      'a minor',
      { dob: MINOR, source_timestamp: daysAgo(1) },
      { outcome: 'failure', reason: expect.stringMatching(/^DOB must be less than or equal to \d{4}-\d\d-\d\d$/) },
    ],
    ['no time at all', { dob: ADULT }, { outcome: 'failure' }],
  ])('%s', async (_name, lead, body) => {
    expect((await server.submit(flow, lead)).body).toMatchObject(body);
  });
});

import { describe, expect, it } from 'vitest';
import type { ApiKey, CapCounter, Job, RecipientHealth, Report } from '../../../../client/src/client.ts';
import type { Problem, ProblemList } from '../../api/problems.ts';
import { type AttentionGiven, listAttention } from './list-attention.ts';

const now = Date.parse('2026-11-20T20:00:00Z');
const nothing: AttentionGiven = { now, zone: 'America/Chicago', unknownsMax: 50, nameOf: (id) => `<${id}>` };

const cap = (given: object) =>
  ({
    ...{ id: 'c', flow_id: 'f', name: 'Texas', maximum: 10, count: 0, held: 0, failed_count: 0 },
    ...{ expires_at: '2026-11-21T06:00:00Z', forecast: { fills_at: null, expected_count: null } },
    ...given,
  }) as unknown as CapCounter;
const job = (given: object) =>
  ({ id: 'j', kind: 'import-leads', updated_at: '2026-11-20T19:00:00Z', reason: null, ...given }) as unknown as Job;
const key = (given: object) =>
  ({ id: 'k', name: 'CRM', revoked_at: null, last_used_at: '2026-11-20T19:00:00Z', ...given }) as unknown as ApiKey;

const titles = (given: Partial<AttentionGiven>) => listAttention({ ...nothing, ...given }).map(({ title }) => title);

describe('what needs attention', () => {
  it('is nothing where nothing is wrong or could be read', () => {
    expect(listAttention(nothing)).toEqual([]);
  });

  it.each([
    ['full', { count: 9, held: 1, failed_count: 3 }, ['Texas is full until Nov 21, 00:00']],
    ['about to be', { count: 5, forecast: { fills_at: '2026-11-20T20:20:00Z' } }, ['Texas is full at 14:20']],
    ['at 80 %', { count: 8 }, ['Texas is 80 % full']],
    ['half full', { count: 5 }, []],
    ['closed by a maximum of 0', { maximum: 0 }, ['Texas is full until Nov 21, 00:00']],
  ])('is a cap that is %s', (_, given, expected) => {
    expect(titles({ caps: [cap(given)] })).toEqual(expected);
  });

  it('leads from a cap to what is used of it', () => {
    expect(listAttention({ ...nothing, caps: [cap({ count: 10 })] })[0]?.to).toBe('/caps?cap=c');
  });

  it('is a recipient that fails in several ways, once', () => {
    const problem = (id: string, given: object) =>
      ({
        ...{ id, kind: 'delivery', recipient: { id: 'r', name: 'CRM' }, events: 2, last_seen: '2026-11-20T19:00:00Z' },
        ...given,
      }) as unknown as Problem;
    const problems = [
      problem('a', {}),
      problem('b', { kind: 'source', recipient: null, source: { id: 's', name: 'Ads' }, events: 1 }),
      problem('c', { last_seen: '2026-11-20T19:59:00Z' }),
      problem('d', { recipient: { id: 'q', name: 'CRM' } }),
    ];
    const listed = listAttention({
      ...nothing,
      problems: { problems, total: 7, counts: {} } as unknown as ProblemList,
    });
    expect(listed.map(({ title, detail, to }) => [title, detail, to])).toEqual([
      ['Deliveries to CRM fail', '4 failures in 2 ways, last 1 minute ago', '/problems?recipient_id=r'],
      ['Leads of Ads end in errors', '1 failure, last 1 hour ago', '/problems/b'],
      ['Deliveries to CRM fail', '2 failures, last 1 hour ago', '/problems/d'],
      ['3 more open problems', 'All of them, with what is probably wrong', '/problems'],
    ]);
  });

  it.each([
    ['waits', { state: 'waiting' }, ['A job waits to be confirmed']],
    ['is paused', { state: 'paused' }, ['A job is paused']],
    ['failed today', { state: 'failed' }, ['A job failed']],
    ['failed last week', { state: 'failed', updated_at: '2026-11-12T19:00:00Z' }, []],
    ['has said nothing for an hour', { state: 'running' }, ['A job does not go on']],
    ['goes on', { state: 'running', updated_at: '2026-11-20T19:59:00Z' }, []],
    ['is done', { state: 'done' }, []],
  ])('is a job that %s', (_, given, expected) => {
    expect(titles({ jobs: [job(given)] })).toEqual(expected);
  });

  it.each([
    ['ends in a week', { expires_at: '2026-11-27T20:00:00Z' }, ['The API key CRM ends in 7 days']],
    ['has ended', { expires_at: '2026-11-19T20:00:00Z' }, []],
    ['ends next year', { expires_at: '2027-11-19T20:00:00Z' }, []],
    ['was revoked', { expires_at: '2026-11-27T20:00:00Z', revoked_at: '2026-11-01T00:00:00Z' }, []],
    ['nobody uses', { expires_at: '2026-11-27T20:00:00Z', last_used_at: null }, []],
  ])('is an API key that %s', (_, given, expected) => {
    expect(titles({ keys: [key(given)] })).toEqual(expected);
  });

  it('is unknown results, with "or more" where they are not all counted', () => {
    expect(titles({ unknowns: 1 })).toEqual(['One delivery may have arrived']);
    expect(titles({ unknowns: 50 })).toEqual(['50 deliveries or more may have arrived']);
  });

  it('is first what is not sent, once for each recipient, then caps, then mail', () => {
    const health = ['a', 'b'].map(
      (host) =>
        ({
          ...{ recipient_id: 'r', state: 'open', origin: `https://${host}`, errors: 3, requests: 4 },
          next_probe_at: '2026-11-20T20:00:30Z',
        }) as unknown as RecipientHealth,
    );
    const reports = [{ id: 's', name: 'Sold', mail_fault: 'refused' }] as unknown as Report[];
    expect(titles({ reports, caps: [cap({ count: 10 })], health })).toEqual([
      'Nothing is sent to <r>',
      'Texas is full until Nov 21, 00:00',
      'The report Sold did not reach everybody',
    ]);
  });
});

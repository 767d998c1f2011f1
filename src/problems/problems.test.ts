import { describe, expect, it } from 'vitest';
import { firstIdAt } from '../lib/ids.ts';
import { groupFailures } from './group-failures.ts';
import { type FailedLead, planRetry, type RetryPlan } from './plan-retry.ts';
import type { FailureTally, ProblemMark, ProblemState } from './problem.ts';
import { type Cause, causeOfReason, causeOfStatus, looksLikeFault } from './suspected-cause.ts';

const NOW = Date.UTC(2026, 10, 28, 12, 30);
const HOUR = 3_600_000;
const SEEN = NOW - 2 * HOUR;

const KEY = {
  ...{ kind: 'delivery' as const, flowId: 'f', sourceId: '', stepId: 's', recipientId: 'r' },
  ...{ outcome: 'error' as const, reasonClass: 'Server error' },
};

function tally(parts: Partial<FailureTally> = {}): FailureTally {
  const [firstId, lastId] = [firstIdAt(SEEN - HOUR), firstIdAt(SEEN)];
  return { key: KEY, id: 'one', events: 3, leads: 2, firstId, lastId, hours: new Map(), ...parts };
}

describe('failures of one place and reason', () => {
  it('add up to one problem, with a count for each of 24 hours', () => {
    const hour = Math.floor(NOW / HOUR);
    const [problem, ...others] = groupFailures(
      [
        tally({
          hours: new Map([
            [hour, 2],
            [hour - 23, 1],
            [hour - 24, 9],
          ]),
        }),
        tally({ events: 1, leads: 1, firstId: firstIdAt(SEEN - 3 * HOUR), hours: new Map([[hour, 1]]) }),
      ],
      { marks: [], now: NOW },
    );
    expect(others).toEqual([]);
    expect(problem).toMatchObject({
      events: 4,
      leads: 3,
      firstId: firstIdAt(SEEN - 3 * HOUR),
      state: 'open',
      cause: 'server_error',
    });
    expect(problem?.perHour).toEqual([1, ...Array(22).fill(0), 3]);
  });

  it('come in the order in which they were last seen', () => {
    const old = tally({ id: 'old', lastId: firstIdAt(SEEN - HOUR) });
    expect(groupFailures([old, tally()], { marks: [], now: NOW }).map(({ id }) => id)).toEqual(['one', 'old']);
  });

  it.each<[string, Partial<ProblemMark>, ProblemState]>([
    ['stays acknowledged while it goes on', { state: 'acknowledged', changedAt: SEEN - HOUR }, 'acknowledged'],
    ['stays resolved when it did not occur since', { state: 'resolved', changedAt: SEEN + 1 }, 'resolved'],
    ['is open again when it occurred after it was resolved', { state: 'resolved', changedAt: SEEN - 1 }, 'open'],
    ['stays resolved in the second in which it was', { state: 'resolved', changedAt: SEEN + 300 }, 'resolved'],
    ['is muted until then', { state: 'muted', mutedUntil: NOW + 1 }, 'muted'],
    ['is open again then', { state: 'muted', mutedUntil: NOW }, 'open'],
  ])('%s', (_name, parts, state) => {
    const mark = { id: 'one', state: 'open' as const, mutedUntil: null, note: 'n', changedAt: SEEN, ...parts };
    expect(groupFailures([tally()], { marks: [mark], now: NOW })).toMatchObject([{ state, note: 'n' }]);
  });
});

it.each<[string, Cause | null]>([
  ['Unknown outcome: The request was sent and … did not answer within … s', 'timeout'],
  ['No connection to crm.example.com in time', 'timeout'],
  ['crm.example.com is not a known host name', 'dns'],
  ['crm.example.com offered no trustworthy TLS (CERT_HAS_EXPIRED)', 'tls'],
  ['crm.example.com refused the connection', 'connection'],
  ['Unable to authenticate after attempting to refresh token', 'credentials'],
  ['Invalid API key', 'credentials'],
  ['Server error', 'server_error'],
  ['Recipient answered with status …', 'refused_request'],
  ['The request was sent and … answered something that is not HTTP (HTTPParserError)', 'unreadable_answer'],
  ['Duplicate', null],
  ['TrustedForm certificate is expired', null],
  ['Not interested in maintenance', null],
  ['', null],
])('the reason %j suspects %s', (reason, cause) => {
  expect(causeOfReason(reason)).toBe(cause);
  expect(looksLikeFault(reason)).toBe(cause !== null);
});

it.each<[number | null, Cause | null]>([
  [401, 'credentials'],
  [403, 'credentials'],
  [404, 'refused_request'],
  [503, 'server_error'],
  [200, null],
  [null, null],
])('the status %s suspects %s', (status, cause) => {
  expect(causeOfStatus(status)).toBe(cause);
});

describe('of a lead that failed', () => {
  const failed: FailedLead = { leadId: 'l', outcome: 'failure', wasSentAgain: false, retry: null, isUnknown: false };
  it.each<[string, Partial<FailedLead>, RetryPlan, RetryPlan]>([
    ['the whole goes through the flow again', {}, 'resubmitted', 'resubmitted'],
    [
      'the delivery is made again where it has a retry',
      { retry: { id: 'x', status: 'exhausted' } },
      'delivered_again',
      'delivered_again',
    ],
    [
      'the delivery alone is made again of a success',
      { outcome: 'success', retry: { id: 'x', status: 'waiting' } },
      'delivered_again',
      'delivered_again',
    ],
    ['nothing is sold twice', { outcome: 'success' }, 'succeeded', 'resubmitted'],
    [
      'nothing is sent twice',
      { wasSentAgain: true, retry: { id: 'x', status: 'failed' } },
      'sent_again',
      'resubmitted',
    ],
    [
      'what was delivered since is left',
      { retry: { id: 'x', status: 'succeeded' } },
      'delivered_since',
      'delivered_since',
    ],
    ['an attempt under way is left', { retry: { id: 'x', status: 'running' } }, 'under_way', 'under_way'],
    ['what may have arrived is left to somebody', { isUnknown: true }, 'unknown', 'unknown'],
  ])('%s', (_name, parts, plan, planAgain) => {
    expect([planRetry({ ...failed, ...parts }, false), planRetry({ ...failed, ...parts }, true)]).toEqual([
      plan,
      planAgain,
    ]);
  });
});

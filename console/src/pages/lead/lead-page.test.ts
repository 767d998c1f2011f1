import { describe, expect, it } from 'vitest';
import type { Event, ExplainedStep } from '../../../../client/src/client.ts';
import type { Problem } from '../../api/problems.ts';
import { writeCurl } from './as-curl.ts';
import { listRecipients } from './describe-recipient.ts';
import { listFields } from './field-rows.ts';
import type { LeadToShow } from './lead-query.ts';
import { listNextSteps } from './next-steps.ts';
import { placeOfDecision } from './place-of-decision.ts';
import { listDeliveries, sayLead } from './say-lead.ts';
import { buildTimeline } from './timeline.ts';
import { describeVerdict, nameTree } from './tree-words.ts';

const eventOf = (parts: Partial<Event>): Event => ({
  ...{ id: 'e1', type: 'recipient', outcome: 'success', reason: null, vars: {}, version: '1', expires_at: null },
  ...{ overhead_ms: 0, lag_ms: 0, total_ms: 0, cap_reached: false, ping_limit_reached: false },
  ...parts,
});
const stepOf = (parts: Partial<ExplainedStep>): ExplainedStep => ({
  ...{ path: 'steps.0', step_id: 's1', type: 'recipient', event_id: null, verdict: 'not reached', reason: null },
  ...parts,
});

describe('the command that sends a lead again', () => {
  it('quotes what a shell would read, and keeps no header but those of the body', () => {
    const request = {
      method: 'POST',
      uri: '/flows/1/sources/2/submit',
      headers: { 'Content-Type': 'text/plain', Cookie: 'x' },
      body: "it's $HOME",
    };
    expect(writeCurl('http://h', request)).toBe(
      "curl -X POST 'http://h/flows/1/sources/2/submit' \\\n  -H 'Content-Type: text/plain' \\\n  --data-binary 'it'\\''s $HOME'",
    );
  });
});

describe('where a person changes what stopped a lead', () => {
  it.each([
    [null, null],
    [{ phase: 'duplicate', path: null, id: null }, null],
    [
      { phase: 'caps', path: 'caps', id: 'c1' },
      { to: '/caps?cap=c1', label: 'Show the cap' },
    ],
    [
      { phase: 'acceptance-criteria', path: 'acceptance_criteria', id: null },
      { to: '/flows/f/edit/rules', label: 'Show criteria of the flow' },
    ],
    [
      { phase: 'steps', path: 'steps.3', id: 's' },
      { to: '/flows/f/edit/steps', label: 'Show steps of the flow' },
    ],
    [
      { phase: 'lead-object', path: 'enabled', id: null },
      { to: '/flows/f/edit/settings', label: 'Show settings of the flow' },
    ],
  ])('is, for %j, %j', (decision, place) => {
    expect(placeOfDecision(decision, 'f')).toEqual(place);
  });
});

describe('a rule set', () => {
  const tree = { name: 'steps.0', path: 'steps.0.rule_set', is_deciding: false } as const;
  it.each([
    ['criteria', { stops_when: 'failed', verdict: 'failed' }, { status: 'failed' }],
    [
      'a filter that let it pass',
      { stops_when: 'passed', verdict: 'failed' },
      { status: 'skip', word: 'Did not stop it' },
    ],
    ['a filter that stopped it', { stops_when: 'passed', verdict: 'passed', is_deciding: true }, { status: 'stop' }],
    ['a filter after the end', { stops_when: 'passed', verdict: 'not reached' }, { status: 'not reached' }],
  ] as const)('of %s says what it meant for the lead', (_, given, said) => {
    expect(describeVerdict({ ...tree, ...given })).toEqual(said);
  });

  it.each([
    ['steps.0', 'Step 1'],
    ['Filter: duplicates', 'Filter: duplicates'],
  ])('called %s is shown as %s', (name, shown) => {
    expect(nameTree({ ...tree, name, stops_when: 'passed', verdict: 'failed' })).toBe(shown);
  });
});

describe('recipients', () => {
  const cap = { id: 'c', name: 'Texas', maximum: 1, count: 1, held: 0, frees_at: null, time_zone: 'UTC' };
  const retry = {
    event_id: 'r',
    verdict: 'success',
    reason: null,
    attempt: 1,
    resolution: null,
    unknown: false,
    sale_price: 3,
    at: '',
  };
  it.each<[string, Partial<ExplainedStep>, object]>([
    [
      'its criteria',
      { verdict: 'skip', reason: 'State must be equal to NV' },
      { state: 'skip', why: 'State must be equal to NV' },
    ],
    ['its cap', { verdict: 'skip', reason: 'Cap reached', cap }, { why: 'Cap reached (cap Texas: 1 of 1)' }],
    ['being switched off', { verdict: 'disabled' }, { state: 'disabled', why: 'The step is switched off.' }],
    ['the end of the flow', {}, { state: 'not reached', why: 'The flow ended before it.' }],
    [
      'a later attempt',
      { verdict: 'error', reason: 'x', retries: [retry] },
      { state: 'success', price: 3, why: '(attempt 2)' },
    ],
  ])('tell of %s', (_name, parts, row) => {
    expect(listRecipients([stepOf(parts)], { events: [], waiting: new Set() })[0]).toMatchObject(row);
  });

  it('say that another recipient of the distribution took the lead', () => {
    const offer = (verdict: string, id: string) =>
      stepOf({
        ...{ step_id: id, path: `steps.0.recipients.${id}` },
        distribution: { step_id: 'd', verdict, place: null, by_turn: false, cap: null },
      });
    const rows = listRecipients([offer('accepted', '0'), offer('not reached', '1')], {
      events: [],
      waiting: new Set(),
    });
    expect(rows[1]?.why).toBe('The lead was sold before its turn.');
  });

  it('wait for a retry that is to come', () => {
    const step = stepOf({ verdict: 'error', reason: 'Server error' });
    expect(listRecipients([step], { events: [], waiting: new Set(['s1']) })[0]?.state).toBe('retry_pending');
  });
});

describe('the head of a lead', () => {
  const AT = '2026-11-20T20:00:00Z';
  const now = Date.parse(AT) - 1;
  const crm = { step_id: 's1', recipient: { id: 'r1', name: 'CRM' } };
  const buyer = { step_id: 's2', verdict: 'success', recipient: { id: 'r2', name: 'Buyer' } };
  const failed = { ...crm, verdict: 'error', reason: 'Server error.' };
  const shownOf = (steps: Partial<ExplainedStep>[], { outcome = 'success', parts = {} } = {}): LeadToShow =>
    ({
      lead: { outcome, reason: null, flow: { id: 'f' }, source: { id: 'q' }, events: [] },
      explanation: {
        ...{ summary: outcome === 'success' ? 'The lead was accepted: nothing stopped it.' : 'The lead was rejected.' },
        ...{ steps: steps.map(stepOf), answer: { decided_by: null } },
      },
      retries: [],
      ...parts,
    }) as unknown as LeadToShow;
  const retryAt = (at: string | null, status = 'waiting') => ({
    retries: [{ step_id: 's1', status, next_attempt_at: at }],
  });
  const offer = (parts: object, verdict: string) => ({
    ...parts,
    distribution: { step_id: 'd', verdict, place: null, by_turn: false, cap: null },
  });
  const refused = { ...crm, verdict: 'failure', reason: 'Too old' };

  it.each<[string, LeadToShow, string]>([
    ['arrived everywhere', shownOf([buyer]), 'The lead was accepted: nothing stopped it.'],
    [
      'is delivered again',
      shownOf([buyer, failed], { parts: retryAt(AT) }),
      `The lead was accepted; delivery to CRM is tried again at ${AT}.`,
    ],
    [
      'is delivered again at once',
      shownOf([failed], { parts: retryAt(null, 'running') }),
      'The lead was accepted; delivery to CRM is tried again now.',
    ],
    [
      'did not arrive',
      shownOf([buyer, failed], { parts: retryAt(null, 'exhausted') }),
      'The lead was accepted; delivery to CRM failed: Server error.',
    ],
    ['was refused', shownOf([refused]), 'The lead was accepted; CRM refused it: Too old.'],
    [
      'was refused before another took it',
      shownOf([offer(refused, 'refused'), offer(buyer, 'accepted')]),
      'The lead was accepted: nothing stopped it.',
    ],
    [
      'arrived at none of three',
      shownOf([failed, failed, failed]),
      'The lead was accepted; delivery to CRM failed: Server error; delivery to CRM failed: Server error; 1 more did not arrive.',
    ],
    [
      'was rejected and is delivered again',
      shownOf([failed], { outcome: 'failure', parts: retryAt(AT) }),
      `The lead was rejected. Delivery to CRM is tried again at ${AT}.`,
    ],
    ['was rejected with a delivery', shownOf([failed], { outcome: 'failure' }), 'The lead was rejected.'],
  ])('says of a lead that %s no more than is true', (_, shown, sentence) => {
    expect(sayLead(shown, listDeliveries(shown), now)).toBe(sentence);
  });

  const problem = (id: string, given: object) =>
    ({ id, kind: 'delivery', recipient: { id: 'r1' }, ...given }) as Problem;
  it.each<[string, Problem[], string]>([
    [
      'its problem',
      [problem('p1', { reason_class: 'Other' }), problem('p2', { reason_class: 'Server …' })],
      '/problems/p2',
    ],
    ['the only one of the recipient', [problem('p1', { reason_class: 'Other' })], '/problems/p1'],
    ['those of the flow', [], '/problems?state=all&flow_id=f'],
  ])('leads from a delivery that failed to %s', (_, problems, to) => {
    const shown = shownOf([failed]);
    const given = { rows: listDeliveries(shown), problems, mayReadFlow: true };
    expect(listNextSteps(shown, given)).toEqual([{ to, label: 'Open the problem' }]);
  });

  it('leads from an error to where it is changed, and to the problem of the source', () => {
    const shown = shownOf([], { outcome: 'error' });
    shown.explanation.answer.decided_by = { phase: 'lead-object', path: 'enabled', id: null };
    const problems = [problem('p', { kind: 'source', recipient: null, source: { id: 'q' }, reason_class: '' })];
    expect(listNextSteps(shown, { rows: [], problems, mayReadFlow: true })).toEqual([
      { to: '/flows/f/edit/settings', label: 'Show settings of the flow' },
      { to: '/problems/p', label: 'Open the problem' },
    ]);
    expect(listNextSteps(shownOf([buyer]), { rows: [], problems, mayReadFlow: true })).toEqual([]);
  });
});

describe('a timeline', () => {
  const source = eventOf({ id: 'src', type: 'source', total_ms: 100 });
  const ran = eventOf({ start_timestamp: 1010, ms: 50, wait_ms: 30, transactions: [{ request: { timestamp: 1025 } }] });

  it('divides a delivery into what came before, the wait and what came after, which together are its time', () => {
    const { rows, totalMs } = buildTimeline([source, ran], { steps: [stepOf({ event_id: 'e1' })], submittedAt: 1000 });
    expect(totalMs).toBe(100);
    expect(rows[0]?.segments.map(({ kind, ms, from }) => [kind, ms, from])).toEqual([
      ['prepare', 15, 0.1],
      ['wait', 30, 0.25],
      ['read', 5, 0.55],
    ]);
  });

  it('has no bar for a step that did not run, and none beyond its end', () => {
    const late = eventOf({ start_timestamp: 5000, ms: 1 });
    const rows = buildTimeline([source, late], {
      steps: [stepOf({}), stepOf({ event_id: 'e1' })],
      submittedAt: 1000,
    }).rows;
    expect(rows[0]?.segments).toEqual([]);
    expect(rows[1]?.segments.every(({ to }) => to <= 1)).toBe(true);
  });
});

describe('fields', () => {
  it('are shown as sent, as read, and with the names that recipients got them under', () => {
    const values = { id: 'x', phone_1: { raw: '512-555-0134', normal: '5125550134', valid: true }, phone_10: '1' };
    const mappings = [{ property: 'json_property.tel', value: '{{lead.phone_1.area}}' }];
    const rows = listFields(values, [eventOf({ mappings, vars: { recipient: { name: 'Sun' } } } as Partial<Event>)]);
    expect(rows).toEqual([
      {
        name: 'phone_1',
        sent: '512-555-0134',
        read: '5125550134',
        isValid: true,
        isMasked: false,
        delivered: ['json_property.tel (Sun)'],
      },
      { name: 'phone_10', sent: '1', read: '1', isValid: true, isMasked: false, delivered: [] },
    ]);
  });
});

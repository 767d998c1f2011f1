import { describe, expect, it } from 'vitest';
import type { Cap } from '../../model/cap.ts';
import { isPlaceUsed } from '../run-store.ts';
import { runTestLead } from '../testing/run-test-lead.ts';
import { dailyCap, deliveryTo, filter, testFlow, testSource, when } from '../testing/test-flow.ts';

const FLOW_CAP = 'c0c0c0c0c0c0c0c0c0c0c0c0';
const SOURCE_CAP = 'c1c1c1c1c1c1c1c1c1c1c1c1';
const STEP_CAP = 'c2c2c2c2c2c2c2c2c2c2c2c2';

/** A flow with a cap of its own and one of its source. */
const capped = (parts: Partial<Cap> = {}) =>
  testFlow({
    caps: [dailyCap({ id: FLOW_CAP, ...parts })],
    sources: [testSource({ caps: [dailyCap({ id: SOURCE_CAP, time_zone: 'UTC' })] })],
  });

describe('caps', () => {
  it('looks at every cap of the flow and the source in one go, each in its own zone’s window', async () => {
    const { store } = await runTestLead({ flow: capped() });
    expect(store.looks).toMatchObject([
      {
        caps: [
          {
            capId: FLOW_CAP,
            startsAt: Date.UTC(2025, 2, 3, 5),
            endsAt: Date.UTC(2025, 2, 4, 5),
            maximum: 1,
            stepId: null,
          },
          { capId: SOURCE_CAP, startsAt: Date.UTC(2025, 2, 3), endsAt: Date.UTC(2025, 2, 4), stepId: null },
        ],
      },
    ]);
  });

  it('a cap whose rules do not match is not looked at, nor what is nested in it', async () => {
    const rules = when('lead.state', 'is equal to', 'TX');
    const flow = testFlow({ caps: [dailyCap({ rule_set: rules, caps: [dailyCap({ id: STEP_CAP })] })] });
    expect((await runTestLead({ flow, values: { state: 'CA' } })).store.looks).toEqual([]);
    expect((await runTestLead({ flow, values: { state: 'TX' } })).store.looks[0]?.caps).toHaveLength(2);
  });

  const TOGETHER: { name: string; cap: Partial<Cap>; asked: { lists: number; caps: number }[] }[] = [
    { name: 'together with the lists', cap: {}, asked: [{ lists: 1, caps: 2 }] },
    {
      name: 'all of them, where a rule reads what the lists say',
      cap: { rule_set: when('suppressionlist.is_duplicate', 'is false') },
      asked: [{ lists: 1, caps: 2 }],
    },
    {
      name: 'all of them, where a template reads the price',
      cap: { rule_set: when('{{#if lead.email}}{{price}}{{/if}}', 'is equal to', '2') },
      asked: [{ lists: 1, caps: 2 }],
    },
  ];

  it.each(TOGETHER)('caps are looked at $name', async ({ cap, asked }) => {
    const flow = {
      ...capped(cap),
      pricing: { prices: [{ amount: 2 }] },
      list_checks: { duplicate: { value: '{{lead.email}}', list_name: 'People' } },
    };
    const { store, settled } = await runTestLead({ flow, values: { email: 'ann@example.com' } });
    expect(store.looks.map(({ lists, caps }) => ({ lists: lists.length, caps: caps.length }))).toEqual(asked);
    expect([settled?.claims?.lists.length, settled?.claims?.caps.length]).toEqual([1, 2]);
  });

  const REASONS: { name: string; cap: Partial<Cap>; full: string; reason: string }[] = [
    { name: 'its default reason', cap: {}, full: FLOW_CAP, reason: 'Cap reached' },
    {
      name: 'its own, a template',
      cap: { reason: 'Enough of {{lead.state}}' },
      full: FLOW_CAP,
      reason: 'Enough of TX',
    },
    {
      name: 'the default where its template gives nothing',
      cap: { reason: '{{lead.email}}' },
      full: FLOW_CAP,
      reason: 'Cap reached',
    },
    { name: 'the reason of the cap that was full', cap: { reason: 'Flow' }, full: SOURCE_CAP, reason: 'Cap reached' },
  ];

  it.each(REASONS)('a full cap rejects the lead with $name', async ({ cap, full, reason }) => {
    const { body, events, document } = await runTestLead({
      flow: capped(cap),
      values: { state: 'TX' },
      store: { fullCaps: [full] },
    });
    expect(body).toMatchObject({ outcome: 'failure', reason, price: 0 });
    expect(events).toMatchObject([{ type: 'source', reason, facts: { cap_reached: true } }]);
    expect(document.cap).toMatchObject({ capId: full, maximum: 1 });
  });

  it('a lead over the cap gets the cap’s reason even if it fails the criteria too', async () => {
    const flow = { ...capped(), acceptance_criteria: { rule_set: when('lead.state', 'is equal to', 'CA') } };
    expect((await runTestLead({ flow, store: { fullCaps: [FLOW_CAP] } })).body.reason).toBe('Cap reached');
  });

  it('the lead cannot be taken while caps cannot be asked', async () => {
    const { end, settled } = await runTestLead({ flow: capped(), store: { lookGoneFrom: 1 } });
    expect([end.kind, settled]).toEqual(['unavailable', undefined]);
  });

  const KEPT: { name: string; rejects: boolean; answer: object | 'unknown'; flowKept: boolean; stepKept: boolean }[] = [
    { name: 'a success', rejects: false, answer: { outcome: 'success' }, flowKept: true, stepKept: true },
    {
      name: 'a lead rejected after a sale',
      rejects: true,
      answer: { outcome: 'success' },
      flowKept: false,
      stepKept: true,
    },
    {
      name: 'a success whose delivery was refused',
      rejects: false,
      answer: { outcome: 'no' },
      flowKept: true,
      stepKept: false,
    },
    { name: 'an unanswered delivery', rejects: true, answer: 'unknown', flowKept: true, stepKept: true },
    { name: 'a refused delivery and lead', rejects: true, answer: { outcome: 'no' }, flowKept: false, stepKept: false },
  ];

  it.each(KEPT)('places kept by $name', async ({ rejects, answer, flowKept, stepKept }) => {
    const steps = [
      deliveryTo('My CRM', { caps: [dailyCap({ id: STEP_CAP })] }),
      ...(rejects ? [filter(when('lead.id', 'is not blank'))] : []),
    ];
    const recipient = () => (answer === 'unknown' ? { unknown: 'no answer' } : { body: answer });
    const { settled } = await runTestLead({ flow: { ...capped(), steps }, recipient });
    const kept = (settled?.held.caps ?? []).map((hold) => [hold.capId, settled && isPlaceUsed(settled.used, hold)]);
    expect(kept).toEqual([
      [FLOW_CAP, flowKept],
      [SOURCE_CAP, flowKept],
      [STEP_CAP, stepKept],
    ]);
  });
});

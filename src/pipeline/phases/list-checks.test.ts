import { describe, expect, it } from 'vitest';
import type { ListCheck, ListChecks } from '../../model/flow.ts';
import { runTestLead, TEST_NOW } from '../testing/run-test-lead.ts';
import { deliveryTo, filter, testFlow, when } from '../testing/test-flow.ts';

const DAY_MS = 86_400_000;
const person: ListCheck = { value: '{{lead.email}}', list_name: 'People' };
const phone = (list_name: string): ListCheck => ({ value: '{{lead.phone_1}}', list_name });
const checks = (list_checks: ListChecks) => testFlow({ list_checks });
const ANN = { email: 'Ann@Example.com', phone_1: '5127891111' };

describe('list-checks', () => {
  it('sets a variable for each value it looked up, and rejects nothing', async () => {
    const { run, body } = await runTestLead({
      flow: checks({ duplicate: person, existing_customer: phone('Customers'), dnc: phone('DNC') }),
      values: ANN,
      store: {
        lists: [
          { found: true, because: 'added', addedAt: 1 },
          { found: false },
          { found: true, because: 'held', addedAt: null, by: { leadId: 'another', isRetried: false } },
        ],
      },
    });
    expect(run.vars['suppressionlist']).toEqual({ is_duplicate: true, is_existing_customer: false, is_dnc: true });
    expect(body.outcome).toBe('success');
  });

  it('a blank value is not checked and sets nothing', async () => {
    const { run, store } = await runTestLead({
      flow: checks({ duplicate: person, dnc: phone('DNC') }),
      values: { email: ' ' },
    });
    expect(store.looks).toEqual([]);
    expect(run.vars).not.toHaveProperty('suppressionlist');
  });

  it('the variables are there for the rules that reject', async () => {
    const flow = testFlow({
      list_checks: { duplicate: person },
      acceptance_criteria: { rule_set: when('suppressionlist.is_duplicate', 'is not true'), reason: 'duplicate' },
    });
    const by = { leadId: 'another', isRetried: false };
    const lists = [{ found: true, because: 'held', addedAt: null, by }] as const;
    expect((await runTestLead({ flow, values: ANN, store: { lists } })).body).toMatchObject({
      outcome: 'failure',
      reason: 'duplicate',
    });
  });

  const REQUESTS: { name: string; check: ListCheck; asked: object }[] = [
    {
      name: 'the duplicate check holds what it looks for',
      check: person,
      asked: { listId: 'list people', hold: true, cutoff: null },
    },
    { name: 'but not with `add: false`', check: { ...person, add: false }, asked: { hold: false } },
    {
      name: 'entries older than the look-back do not count',
      check: { ...person, lookback: { value: 30, interval: 'day' } },
      asked: { cutoff: TEST_NOW - 30 * DAY_MS },
    },
  ];

  it.each(REQUESTS)('$name', async ({ check, asked }) => {
    const { store } = await runTestLead({ flow: checks({ duplicate: check }), values: ANN });
    expect(store.looks[0]?.lists).toMatchObject([asked]);
  });

  it('only the duplicate check holds', async () => {
    const { store } = await runTestLead({ flow: checks({ dnc: { ...phone('DNC'), add: true } }), values: ANN });
    expect(store.looks[0]?.lists).toMatchObject([{ listId: 'list dnc', hold: false }]);
  });

  it('values are normalised by the list’s type', async () => {
    const hashesOf = async (values: object) =>
      (await runTestLead({ flow: checks({ duplicate: person, dnc: phone('DNC') }), values })).store.looks[0]?.lists.map(
        ({ value }) => value.toString('hex'),
      );
    expect(await hashesOf({ email: ' ann@example.COM', phone_1: '+1 (512) 789-1111' })).toEqual(await hashesOf(ANN));
  });

  const ENDS: {
    name: string;
    flow: Parameters<typeof checks>[0];
    reject: boolean;
    unknown: boolean;
    keeps: boolean;
  }[] = [
    { name: 'kept by a success', flow: { duplicate: person }, reject: false, unknown: false, keeps: true },
    { name: 'given back by a failure', flow: { duplicate: person }, reject: true, unknown: false, keeps: false },
    {
      name: 'kept by a failure after an unanswered delivery',
      flow: { duplicate: person },
      reject: true,
      unknown: true,
      keeps: true,
    },
  ];

  it.each(ENDS)('a held value is $name', async ({ flow, reject, unknown, keeps }) => {
    const steps = [deliveryTo('My CRM'), ...(reject ? [filter(when('lead.email', 'is not blank'))] : [])];
    const { settled } = await runTestLead({
      flow: { ...checks(flow), steps },
      values: ANN,
      ...(unknown ? { recipient: () => ({ unknown: 'no answer' }) } : {}),
    });
    expect(settled).toMatchObject({
      used: { lead: keeps },
      hasRun: true,
      held: { lists: [{ listId: 'list people' }] },
    });
  });

  it('the lead cannot be taken while the lists cannot be asked', async () => {
    const { end, settled } = await runTestLead({
      flow: checks({ duplicate: person }),
      values: ANN,
      store: { lookGoneFrom: 1 },
    });
    expect(end.kind).toBe('unavailable');
    expect(settled).toBeUndefined();
  });
});

const EITHER: ListCheck = { values: ['{{lead.phone_1}}', '{{lead.email}}'], list_name: 'Contacts' };
const ADDED = { found: true, because: 'added', addedAt: 1 } as const;
const FREE = { found: false } as const;

describe('a check of several values', () => {
  it.each<[string, (typeof ADDED | typeof FREE)[], object]>([
    ['no value', [FREE, FREE], { is_duplicate: false }],
    ['the first value', [ADDED, FREE], { is_duplicate: true, duplicate_by: 'lead.phone_1' }],
    ['the last value', [FREE, ADDED], { is_duplicate: true, duplicate_by: 'lead.email' }],
    ['all values', [ADDED, ADDED], { is_duplicate: true, duplicate_by: 'lead.phone_1, lead.email' }],
  ])('that finds %s', async (_name, lists, variables) => {
    const { run } = await runTestLead({ flow: checks({ duplicate: EITHER }), values: ANN, store: { lists } });
    expect(run.vars['suppressionlist']).toEqual(variables);
    expect(run.listFindings.map(({ check, place }) => [check, place])).toEqual([
      ['duplicate', 0],
      ['duplicate', 1],
    ]);
  });

  it('holds all of them, and gives all of them back', async () => {
    const flow = { ...checks({ duplicate: EITHER }), steps: [deliveryTo('My CRM')] };
    const { store, settled } = await runTestLead({ flow, values: ANN });
    expect(store.claims[0]?.lists.map(({ hold }) => hold)).toEqual([true, true]);
    expect(settled).toMatchObject({ used: { lead: true }, held: { lists: [{ listId: 'list contacts' }, {}] } });
    const rejected = { ...flow, steps: [...flow.steps, filter(when('lead.email', 'is not blank'))] };
    expect((await runTestLead({ flow: rejected, values: ANN })).settled).toMatchObject({
      used: { lead: false },
      held: { lists: [{}, {}] },
    });
  });

  const VALUES: [name: string, check: ListCheck, values: object, lists: string[]][] = [
    ['leaves out blank values', EITHER, { email: ANN.email, phone_1: ' ' }, ['list contacts']],
    ['is not made where all values are blank', EITHER, {}, []],
    [
      'takes values that come to the same text as one',
      { values: ['{{lead.email}}', ' {{lead.email.raw}}', '{{lead.phone_1}}'], list_name: 'Contacts' },
      ANN,
      ['list contacts', 'list contacts'],
    ],
    [
      'takes the same text in two lists as two',
      { values: ['{{lead.email}}', { value: '{{lead.email}}', list_name: 'People' }], list_name: 'Contacts' },
      ANN,
      ['list contacts', 'list people'],
    ],
    [
      'looks where each value says',
      {
        values: [
          { value: '{{lead.phone_1}}', list_name: 'Customers' },
          { value: '{{lead.email}}', list_name: 'People' },
        ],
      },
      ANN,
      ['list customers', 'list people'],
    ],
  ];

  it.each(VALUES)('%s', async (_name, check, values, lists) => {
    const { store } = await runTestLead({ flow: checks({ duplicate: check }), values });
    expect(store.looks[0]?.lists.map(({ listId }) => listId) ?? []).toEqual(lists);
  });

  it('looks back equally far for each', async () => {
    const check: ListCheck = { ...EITHER, lookback: { value: 30, interval: 'day' } };
    const { store } = await runTestLead({ flow: checks({ duplicate: check }), values: ANN });
    const cutoff = TEST_NOW - 30 * DAY_MS;
    expect(store.looks[0]?.lists).toMatchObject([{ cutoff }, { cutoff }]);
  });

  it('knows a phone written five ways and an address written two ways beside each other', async () => {
    const hashesOf = async (values: object) =>
      (await runTestLead({ flow: checks({ duplicate: EITHER }), values })).store.looks[0]?.lists.map(({ value }) =>
        value.toString('hex'),
      );
    const ways = ['5127891111', '(512) 789-1111', '+1 512 789 1111', '1.512.789.1111', ' 512-789-1111 w'];
    const found = await Promise.all(
      ways.map((phone_1, way) => hashesOf({ phone_1, email: way % 2 === 0 ? 'ann@example.com' : ' Ann@Example.COM ' })),
    );
    expect(new Set(found.map((hashes) => JSON.stringify(hashes))).size).toBe(1);
    expect(new Set(found[0]).size).toBe(2);
  });

  it('that is changed by another lead decides again and says what it has learnt', async () => {
    const steps = [
      filter(when('suppressionlist.is_duplicate', 'is true'), { reason: 'seen: {{suppressionlist.duplicate_by}}' }),
      deliveryTo('My CRM'),
    ];
    const by = { leadId: 'another', isRetried: false };
    const { body, store } = await runTestLead({
      flow: { ...checks({ duplicate: EITHER }), steps },
      values: ANN,
      store: { changed: [{ lists: [FREE, { found: true, because: 'held', addedAt: null, by }] }] },
    });
    expect(body).toMatchObject({ outcome: 'failure', reason: 'seen: lead.email' });
    expect(store.claims).toHaveLength(1);
  });
});

import { describe, expect, it } from 'vitest';
import type { Ids } from '../lib/ids.ts';
import type { DeployState, FlowRecord } from './flow-store.ts';
import { bareSurroundings } from './flow-surroundings.ts';
import { planDeploy } from './plan-deploy.ts';

const NOW = Date.UTC(2025, 2, 12, 15);
const ids: Ids = { next: () => 'new-list', event: () => 'event', short: () => 'short1' };
const surroundings = {
  ...bareSurroundings({ id: 'a1', name: 'Acme', timeZone: 'UTC', dataRetentionInDays: 90, isPingEnabled: true }),
  customFields: [{ id: 'mobile_acme', name: 'Mobile', type: 'phone' as const }],
};
const CAP = {
  id: 'c1',
  type: 'volume',
  maximum: 10,
  duration: 1,
  duration_units: 'day',
  created_at: '2025-03-12T00:00:00Z',
};

const flow = (part: object) => ({ name: 'F', enabled: true, fields: [], sources: [], steps: [], ...part });

function plan(saved: object, deployed?: object, taken: [string, string][] = []) {
  const record: FlowRecord = {
    accountId: 'a1',
    id: 'f1',
    document: flow(saved),
    errors: null,
    revision: 7,
    deployedRevision: deployed ? 5 : null,
    createdAt: 0,
    updatedAt: 0,
  };
  const state: DeployState = {
    saved: record,
    deployed: deployed ? { document: flow(deployed), capGenerations: { c1: 3 } } : null,
    takenCapIds: new Map(taken),
  };
  return planDeploy(state, { surroundings, now: NOW, ids });
}

describe('planDeploy', () => {
  it.each<[string, object, object | undefined, number]>([
    ['a new flow counts from its revision', { caps: [CAP] }, undefined, 7],
    ['an unchanged cap goes on', { caps: [CAP] }, { caps: [CAP] }, 3],
    ['another maximum goes on', { caps: [{ ...CAP, maximum: 99 }] }, { caps: [CAP] }, 3],
    ['a shorter duration starts again', { caps: [{ ...CAP, duration_units: 'hour' }] }, { caps: [CAP] }, 7],
    ['dollars instead of leads start again', { caps: [{ ...CAP, type: 'revenue' }] }, { caps: [CAP] }, 7],
    ['a cap that was not running starts again', { caps: [CAP] }, { caps: [{ ...CAP, id: 'c2' }] }, 7],
    ['a ping limit counts like a cap', { ping_limits: [CAP] }, { ping_limits: [CAP] }, 3],
  ])('%s', (_name, saved, deployed, generation) => {
    expect(plan(saved, deployed)).toMatchObject({
      ok: true,
      value: { capGenerations: { c1: generation }, carries: [] },
    });
  });

  it('a lengthened cap carries its count into the longer window', () => {
    expect(plan({ caps: [{ ...CAP, duration_units: 'month' }] }, { caps: [CAP] })).toMatchObject({
      ok: true,
      value: {
        capGenerations: { c1: 3 },
        carries: [
          {
            counterId: 'c1',
            generation: 3,
            fromStartsAt: Date.UTC(2025, 2, 12),
            toStartsAt: Date.UTC(2025, 2, 1),
            toEndsAt: Date.UTC(2025, 3, 1),
          },
        ],
      },
    });
  });

  it.each<[string, object, string[]]>([
    ['goes on with what is as it was', { ...CAP, name: 'Other' }, []],
    ['ends with another maximum', { ...CAP, maximum: 11 }, ['c1']],
    ['ends with other windows', { ...CAP, duration_units: 'month' }, ['c1']],
    ['ends with the count', { ...CAP, duration_units: 'hour' }, []],
  ])('the maximum of one window %s', (_name, cap, changedCounterIds) => {
    expect(plan({ caps: [cap] }, { caps: [CAP] })).toMatchObject({ value: { changedCounterIds } });
  });

  it('a lengthened revenue cap carries the count of its money', () => {
    const cap = { ...CAP, type: 'revenue' };
    expect(plan({ caps: [{ ...cap, duration_units: 'month' }] }, { caps: [cap] })).toMatchObject({
      value: { capGenerations: { c1: 3 }, carries: [{ counterId: 'c1.usd', generation: 3 }] },
    });
  });

  it('a cap id of another running flow refuses the deploy', () => {
    expect(
      plan({ sources: [], caps: [{ ...CAP, caps: [{ ...CAP, id: 'c9' }] }] }, undefined, [['c9', 'Other']]),
    ).toEqual({
      ok: false,
      error: [{ path: 'caps.0.caps.0.id', message: expect.stringContaining('the flow Other') }],
    });
  });

  it.each([
    ['{{lead.phone_1}}', 'phone'],
    ['{{ lead.email }}', 'email'],
    ['{{lead.mobile_acme}}', 'phone'],
    ['{{lead.first_name}}', 'text'],
    ['{{lead.phone_1}}-{{lead.email}}', 'text'],
    ['{{lead.phone}}', 'text'],
  ])('the list checked for %s holds values of type %s', (value, type) => {
    const check = { value, list_name: 'Do not call' };
    expect(plan({ list_checks: { dnc: check, duplicate: { ...check, list_name: 'do NOT call' } } })).toMatchObject({
      ok: true,
      value: { lists: [{ id: 'new-list', name: 'do NOT call', urlName: 'do_not_call', type }] },
    });
  });
  it.each<[string, (string | { value: string; list_name?: string })[], [name: string, type: string][]]>([
    ['of one kind', ['{{lead.phone_1}}', '{{lead.phone_2}}'], [['People', 'phone']]],
    ['of a phone and an address', ['{{lead.phone_1}}', '{{lead.email}}'], [['People', 'contact']]],
    ['of a phone and anything else', ['{{lead.phone_1}}', '{{lead.first_name}}'], [['People', 'contact']]],
    ['with a postal code', ['{{lead.phone_1}}', '{{lead.postal_code}}'], [['People', 'text']]],
    [
      'with a list of their own',
      ['{{lead.phone_1}}', { value: '{{lead.email}}', list_name: 'Addresses' }],
      [
        ['People', 'phone'],
        ['Addresses', 'email'],
      ],
    ],
    [
      'that all have a list of their own',
      [
        { value: '{{lead.phone_1}}', list_name: 'Phones' },
        { value: '{{lead.email}}', list_name: 'Addresses' },
      ],
      [
        ['Phones', 'phone'],
        ['Addresses', 'email'],
      ],
    ],
  ])('the lists for values %s', (_name, values, lists) => {
    const planned = plan({ list_checks: { duplicate: { values, list_name: 'People' } } });
    expect(planned.ok && planned.value.lists.map(({ name, type }) => [name, type])).toEqual(lists);
  });

  it('a list that two checks name fits the values of both', () => {
    const list_name = 'People';
    const planned = plan({
      list_checks: {
        duplicate: { value: '{{lead.phone_1}}', list_name },
        dnc: { value: '{{lead.email}}', list_name },
      },
    });
    expect(planned).toMatchObject({ value: { lists: [{ type: 'contact' }] } });
  });
});

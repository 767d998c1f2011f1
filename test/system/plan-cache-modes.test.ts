import { expect, it } from 'vitest';
import { PLAN_CACHE_MODES } from '../../src/config.ts';
import { startTestServer } from '../harness/server.ts';
import { deliveryTo, flowOf, NO_DUPLICATES } from './flows.ts';

/* Leads end alike however PostgreSQL plans their statements: a setting of a session makes them fast, never right. */

const MAXIMUM = 3;
const LEADS = 12;
const CAP = { type: 'volume' as const, maximum: MAXIMUM, duration: 1, duration_units: 'day' as const };

it.each(PLAN_CACHE_MODES)('caps and lists hold with the plan_cache_mode %s', async (planCacheMode) => {
  const server = await startTestServer({ planCacheMode });
  try {
    const flow = await server.deploy(
      flowOf([deliveryTo(server.recipient.url)], {
        ...NO_DUPLICATES,
        list_checks: { duplicate: { value: '{{lead.email}}', list_name: 'People' } },
        caps: [CAP],
      }),
    );
    const [first, ...others] = Array.from({ length: LEADS }, (_, lead) => ({ email: `person${lead}@example.com` }));
    expect((await server.submit(flow, first)).body.outcome).toBe('success');
    expect((await server.submit(flow, first)).body.reason).toBe('duplicate');
    const answers = await Promise.all(others.map((person) => server.submit(flow, person)));
    expect(answers.filter(({ body }) => body.outcome === 'success')).toHaveLength(MAXIMUM - 1);
    expect(server.recipient.deliveries).toHaveLength(MAXIMUM);
    expect(await server.query('select count::int, held::int from cap_windows')).toEqual([{ count: MAXIMUM, held: 0 }]);
    expect(await server.query('select count(*)::int as values from list_items where holder is null')).toEqual([
      { values: MAXIMUM },
    ]);
    expect(await server.query('select from runs')).toEqual([]);
  } finally {
    await server.stop();
  }
});

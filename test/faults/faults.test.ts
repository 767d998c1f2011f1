import { existsSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../client/src/client.ts';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';
import { askApi, deploy, submit } from '../harness/server.ts';
import { buildSluice, type SluiceProcess, startSharedSluice } from '../harness/sluice-process.ts';
import { flowOf } from '../system/flows.ts';
import { AUTHORITY, type MisbehavingRecipient, openMisbehavingRecipient } from './misbehaving-recipient.ts';
import { MISBEHAVIOURS, type Misbehaviour } from './misbehaviours.ts';

const KEY = 'faults-0123456789abcdef0123456789abcdef';
/** What a server may grow by over all the cases, 1.1 GB of answers among them. */
const GROWTH_KB_MAX = 150_000;

let database: TestDatabase;
let sluice: SluiceProcess;
let recipient: MisbehavingRecipient | undefined;
let peakAtStartKb: number;
beforeAll(async () => {
  await buildSluice();
  database = await createTestDatabase();
  // A process of its own: its memory is measured, and it trusts the tests' authority.
  sluice = await startSharedSluice(database, { SLUICE_ADMIN_API_KEY: KEY, NODE_EXTRA_CA_CERTS: AUTHORITY });
  peakAtStartKb = peakKb(sluice.pid);
});
afterEach(async () => {
  await recipient?.close();
  recipient = undefined;
});
afterAll(async () => {
  sluice?.kill('SIGTERM');
  await sluice?.exited;
  await database?.drop();
});

/** Delivers one lead to a recipient that does so; returns its event and the answer to the sender. */
async function deliver({ module = 'json', properties }: Misbehaviour, url: string) {
  const mapped: Record<string, string> = {
    url,
    outcome_search_path: 'outcome',
    outcome_search_term: 'success',
    reason_path: 'reason',
    ...properties,
  };
  const step = {
    type: 'recipient' as const,
    entity: { name: 'Buyer' },
    integration: {
      module_id: `leadconduit-custom.outbound.${module}`,
      mappings: Object.entries(mapped).map(([property, value]) => ({ property, value })),
    },
    pricing: { override: true, prices: [] },
  };
  const flow = await deploy(createClient({ url: sluice.url, key: KEY }), flowOf([step]));
  const submitted = await submit(sluice.url, { flow, values: { email: 'ann@example.com' }, how: {} });
  const lead = await askApi(sluice.url, { method: 'GET', path: `/leads/${submitted.body.lead.id}`, key: KEY });
  const event = lead.body.events.find(({ type }: { type: string }) => type === 'recipient');
  return { submitted, event };
}

describe('a recipient that', () => {
  it.each(MISBEHAVIOURS)('$does', async (row) => {
    recipient = await openMisbehavingRecipient(row.behave, row.certificate);
    const { submitted, event } = await deliver(row, recipient.url);
    const { host } = new URL(recipient.url);
    expect(submitted).toMatchObject({ status: 201, body: { outcome: 'success' } });
    expect({ outcome: event.outcome, reason: event.reason ?? null, isUnknown: event.unknown === true }).toEqual({
      outcome: row.outcome,
      reason: row.reason?.replace('HOST', host) ?? null,
      isUnknown: row.isUnknown,
    });
    expect(event.transactions).toHaveLength(1);
    const [{ response }] = event.transactions;
    expect(response === null ? 'none' : response.truncated ? 'cut' : 'whole').toBe(row.answer);
    if (row.warning) expect(event.warnings?.join(' ')).toMatch(row.warning);
    if (row.salePrice !== undefined) expect(event.sale_price).toBe(row.salePrice);
    // Whatever it did, it got the lead once.
    if (!row.does.startsWith('redirects')) expect(recipient.requests()).toBeLessThanOrEqual(1);
  });
});

it('costs the server no more memory than a few answers, 1 GB or not', ({ skip }) => {
  if (!existsSync(`/proc/${sluice.pid}/status`)) skip('without /proc there is no peak to read');
  expect(peakKb(sluice.pid) - peakAtStartKb).toBeLessThan(GROWTH_KB_MAX);
});

/** The most memory a process has had in its life. */
function peakKb(pid: number): number {
  const text = existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : '';
  return Number(/VmHWM:\s+(\d+)/.exec(text)?.[1]);
}

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Candidate, FlowDocument } from '../../src/model/flow.ts';
import { packageRoot } from '../../src/package-root.ts';
import { ask, type ComposedServer, startTestServer } from '../harness/server.ts';
import { deliveryTo, flowOf } from '../system/flows.ts';
import { restoreRows } from './stored-case.ts';

/*
 * Pings as a version of the program stored them: `v1-…` without bids, `v2-…` with them. The rows are never written again;
 * a new version gets new files: `SLUICE_STORED_RECORD=pings npx vitest run test/stored/stored-pings.test.ts`.
 */

interface StoredPing {
  what: string;
  pingId: string;
  rows: Record<string, Record<string, unknown>[]>;
  /** What the API makes of them now. */
  answer: unknown;
}

const FOLDER = join(packageRoot, 'test', 'stored', 'pings');
const isRecorded = process.env['SLUICE_STORED_RECORD'] === 'pings';
const isUpdate = process.env['SLUICE_GOLDEN_UPDATE'] === '1';

/** What differs from one server to the next stands in the files under these names. */
const ACCOUNT = 'aaaaaaaaaaaaaaaaaaaaaaaa';
const RECIPIENT = 'http://recipient.test/';

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

function read(name: string): StoredPing {
  const text = readFileSync(join(FOLDER, `${name}.json`), 'utf8');
  const own = text.replaceAll(ACCOUNT, server.account.id).replaceAll(RECIPIENT, server.recipient.url);
  return JSON.parse(own) as StoredPing; // written by `write` alone
}

function write(name: string, stored: StoredPing): void {
  const text = JSON.stringify(stored, null, 2);
  const anyones = text.replaceAll(server.account.id, ACCOUNT).replaceAll(server.recipient.url, RECIPIENT);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${name}.json`), `${anyones}\n`);
}

function ofTheDay(answer: Record<string, unknown>): unknown {
  return { ...answer, wait_ms: expect.anything() };
}

describe.runIf(isRecorded)('pings of each kind', () => {
  const LEAD = { state: 'TX' };
  const PRICED = { pricing: { override: false, prices: [{ amount: 5 }] }, ping_enabled: true };

  function bidder(name: string): Candidate {
    const { url } = server.recipient;
    const { type: _, ...delivery } = deliveryTo(`${url}lead/${name}`, { entity: { name } });
    const asked = {
      ...{ url: `${url}bid/${name}`, price_path: 'price' },
      ...{ outcome_search_path: 'outcome', outcome_search_term: 'success' },
    };
    const mappings = Object.entries(asked).map(([property, value]) => ({ property, value }));
    return { ...delivery, bid: { module_id: 'leadconduit-custom.outbound.json', mappings } };
  }

  it.each<[string, string, () => FlowDocument]>([
    ['v1-accepted', 'A ping that was accepted.', () => flowOf([], PRICED)],
    ['v1-without-price', 'A ping without a price.', () => flowOf([], { ping_enabled: true })],
    [
      'v2-bids',
      'A ping that two bids priced.',
      () =>
        flowOf(
          [
            {
              ...{ type: 'distribution', method: 'highest_bid', bids_price_pings: true, margin_floor: { amount: 2 } },
              recipients: [bidder('Alpha'), bidder('Beta'), bidder('None')],
            },
          ],
          { ping_enabled: true },
        ),
    ],
  ])('%s', async (name, what, document) => {
    const bids: Record<string, number> = { Alpha: 28, Beta: 31 };
    server.recipient.answerWith(({ path }) => ({
      body: { outcome: 'success', price: bids[path.split('/')[2] ?? ''], bid_id: 'b-1' },
    }));
    const flow = await server.deploy(document());
    const reply = await ask(`${server.url}/flows/${flow.id}/sources/${flow.sources[0].entity.id}/ping`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify(LEAD),
    });
    expect(reply.status).toBe(200);
    const rowsOf = async (table: string, column: string) =>
      (await server.query(`select row_to_json(t) as row from ${table} t where ${column} = $1`, [flow.id])).map(
        ({ row }) => row as Record<string, unknown>, // a row is an object
      );
    const pings = await rowsOf('pings', 'flow_id');
    for (const ping of pings) {
      // It holds when the test runs, and is hashed with a key that only its server had.
      ping['expires_at'] = '2100-01-01T00:00:00+00:00';
      const facts = ping['facts'] as { values?: object };
      if (facts.values) facts.values = {};
    }
    const rows = {
      flows: await rowsOf('flows', 'id'),
      flow_revisions: await rowsOf('flow_revisions', 'flow_id'),
      pings,
    };
    write(name, { what, pingId: String(pings[0]?.['id']), rows, answer: null });
  });
});

const NAMES = isRecorded ? [] : readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ''));

describe.runIf(!isRecorded)('what a version has stored of pings', () => {
  it.each(NAMES)('is read as it was: %s', async (name) => {
    const stored = read(name);
    await restoreRows(server, stored.rows);
    const { status, body } = await server.api('GET', `/pings/${stored.pingId}`);
    expect(status).toBe(200);
    if (isUpdate) write(name, { ...stored, answer: body });
    else expect(body).toEqual(ofTheDay(stored.answer as Record<string, unknown>)); // an object by the schema
  });

  it.each([
    ['v1-accepted', 5, []],
    ['v2-bids', 29, ['/lead/Beta']],
  ])('is redeemed: %s', async (name, price, deliveries) => {
    // A flow is known to a server when it is deployed, or when it starts.
    await server.restart();
    server.recipient.deliveries.length = 0;
    server.recipient.answerWith(() => ({ body: { outcome: 'success' } }));
    const { pingId, rows } = read(name);
    const [ping] = rows['pings'] ?? [];
    const flow = { id: String(ping?.['flow_id']), sources: [{ entity: { id: String(ping?.['source_id']) } }] };
    const { body } = await server.submit(flow, { state: 'TX', ping_id: pingId });
    expect(body).toMatchObject({ outcome: 'success', price });
    expect(server.recipient.deliveries.map(({ path }) => path)).toEqual(deliveries);
  });
});

import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import { expect, it } from 'vitest';
import type { Person } from '../../src/keeping/person.ts';
import { firstIdAt } from '../../src/lib/ids.ts';
import { createListHash } from '../../src/lists/hash-list-form.ts';
import { createKeyedHash } from '../../src/server/keyed-hash.ts';
import { eraseLeads } from '../../src/store/postgres/erase-leads.ts';
import { eraseTexts } from '../../src/store/postgres/erase-texts.ts';
import { foldDigests } from '../../src/store/postgres/fold-digests.ts';
import { inTransaction } from '../../src/store/postgres/in-transaction.ts';
import { ensureListHashKey } from '../../src/store/postgres/installation.ts';
import { createSecretBox } from '../../src/store/secret-box.ts';
import { untilCounted, withoutCounting } from '../harness/counting.ts';
import { createTestDatabase } from '../harness/database.ts';
import { recount } from '../harness/recount.ts';
import { type ComposedServer, type SubmitTarget, startTestServer } from '../harness/server.ts';
import { deliveryTo, flowOf, sourceNamed, when } from './flows.ts';
import { dumpDatabase, EMAIL, listTraces, ZENOBIA } from './person-traces.ts';

/*
 * A person is erased while what her leads and pings are counted by waits: in rows of `digests`, not at all (from before them), or
 * no more. Her name is in reasons of recipients and in the criteria of a ping that nobody bought, and so in the classes that reasons
 * are counted by. Afterwards no table has it, nor when all is counted, and every count is that of the events.
 */

const SECRET_KEY = randomBytes(32);
const BOB = { first_name: 'Bob', last_name: 'Baker', email: 'bob@example.com', phone_1: '512-789-5555', state: 'TX' };
const PERSON: Person = { kind: 'email', email: EMAIL.toLowerCase() };
/** Of both persons, so it is neither's. */
const SHARED = 'We do not buy in Elmville';

type When = 'counted' | 'waiting' | 'before digests';

it.each<When>(['counted', 'waiting', 'before digests'])('nothing of a person is left: %s', async (state) => {
  const database = await createTestDatabase();
  const server = await startTestServer({ secretKey: SECRET_KEY }, { ...database, drop: async () => undefined });
  const pool = new pg.Pool({ ...database.connection, max: 2 });
  try {
    const leadIds: string[] = [];
    const send = async () => void leadIds.push(...(await leaveTraces(server)));
    if (state === 'counted') await send();
    else await withoutCounting(database, () => sendAndStop(server, send));
    if (state === 'counted') {
      await untilCounted(server.query);
      await server.stop();
    }
    if (state === 'before digests') await forgetDigests(pool);
    await expectErasure(pool, { state, accountId: server.account.id, leadIds });
  } finally {
    await pool.end();
    await database.drop();
  }
});

async function sendAndStop(server: ComposedServer, send: () => Promise<void>): Promise<void> {
  await send();
  await server.stop();
}

/** Two leads of hers, one of somebody else, and of each a ping that is accepted and one that is not. Returns her leads. */
async function leaveTraces(server: ComposedServer): Promise<string[]> {
  const refuse = (reason: string) => ({ body: { outcome: 'failure', reason } });
  server.recipient.answerWith(({ path, body }) =>
    path === '/shared'
      ? refuse(SHARED)
      : refuse(`${body.includes('bob') ? 'Bob Baker' : 'Zenobia Quuxington of Elm'} is known`),
  );
  const pinged = { ping_enabled: true, pricing: { prices: [{ amount: 5 }] }, sources: [sourceNamed('Pings')] };
  const buyers = ['known', 'shared'].map((path) => deliveryTo(`${server.recipient.url}${path}`));
  const selling = await server.deploy(flowOf(buyers, pinged));
  const refusing = await server.deploy(
    flowOf([], {
      ...pinged,
      acceptance_criteria: {
        rule_set: when('lead.email', 'is blank'),
        reason: 'not {{lead.last_name}} of {{lead.email}}',
      },
    }),
  );
  for (const person of [ZENOBIA, BOB]) {
    expect(await ping(server, selling, person)).toBe('success');
    expect(await ping(server, refusing, person)).toBe('failure');
  }
  await server.submit(selling, BOB);
  const sent = [await server.submit(selling, ZENOBIA), await server.submit(refusing, ZENOBIA)];
  return sent.map(({ body }) => body.lead.id);
}

async function ping({ url }: ComposedServer, flow: SubmitTarget, values: object): Promise<string> {
  const response = await fetch(`${url}/flows/${flow.id}/sources/${flow.sources[0]?.entity.id}/ping`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(values),
  });
  const { outcome } = (await response.json()) as { outcome: string };
  return outcome;
}

/** As if all had come before an update: it is counted in the order of its ids. */
async function forgetDigests(pool: pg.Pool): Promise<void> {
  await pool.query('delete from digests');
  await pool.query(`update installation set value = convert_to($1, 'UTF8') where name = 'digests_from'`, [
    firstIdAt(Date.now() + 1_000),
  ]);
}

async function expectErasure(
  pool: pg.Pool,
  { state, accountId, leadIds }: { state: When; accountId: string; leadIds: readonly string[] },
): Promise<void> {
  const query = async (text: string, values?: unknown[]) =>
    (await pool.query<Record<string, unknown>>(text, values)).rows;
  const traces = async () => listTraces(await dumpDatabase(query, SECRET_KEY));
  expect((await traces()).length).toBeGreaterThan(4);
  const keyed = await createKeyedHash(await ensureListHashKey(pool, randomBytes));
  const hashListValue = createListHash({ md5: (text) => createHash('md5').update(text).digest('hex'), keyed });
  const [{ count: hashedPings } = {}] = await query(
    `select count(*)::int as count from pings where facts -> 'values' is not null`,
  );
  await inTransaction(pool, async (client) => {
    await eraseLeads(client, { accountId, leadIds, person: PERSON });
    await eraseTexts(client, {
      ...{ accountId, jobId: 'f'.repeat(24), person: PERSON, firstLeadId: leadIds[0] ?? null, heldPersons: [] },
      ...{ box: createSecretBox(SECRET_KEY, randomBytes), hashListValue },
    });
  });
  expect(await traces()).toEqual([]);
  // The other person's accepted ping keeps its hashes.
  expect([
    hashedPings,
    await query(`select facts -> 'values' is not null as "hasHashes" from pings order by id`),
  ]).toEqual([2, [false, false, true, false].map((hasHashes) => ({ hasHashes }))]);
  for (let isMore = true; isMore; )
    isMore =
      (await inTransaction(pool, (client) => foldDigests(client, { accountId, now: Date.now() })))?.isMore ?? true;
  expect(await query('select from digests')).toEqual([]);
  expect(await traces()).toEqual([]);
  const client = await pool.connect();
  const differences = await recount(client).finally(() => client.release());
  // Which fields a lead had is no more known of hers, and a class that others have stays as it was counted.
  const rows = differences.flatMap(({ table, surplus, missing }) =>
    table === 'field_tallies' ? [] : [...surplus, ...missing],
  );
  const isOfShared = (row: string) => state === 'counted' && (row.includes(SHARED) || row.includes('|…|'));
  expect(rows.filter((row) => !isOfShared(row))).toEqual([]);
  const classes = await query(`select distinct reason_class as class from event_kinds where reason_class <> ''`);
  expect(classes.map((row) => row['class']).toSorted()).toEqual(
    ['…', 'Bob Baker is known', 'not … of …', SHARED].toSorted(),
  );
}

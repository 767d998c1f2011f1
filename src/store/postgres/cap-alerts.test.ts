import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.ts';
import type { AlertTarget } from '../../alerts/cap-alert.ts';
import { ATTEMPTS_MAX } from '../../alerts/next-attempt.ts';
import { createCapWatch } from '../../alerts/watch-caps.ts';
import type { CompiledFlow } from '../../flow-compiler/compiled-flow.ts';
import { createIds } from '../../lib/ids.ts';
import type { Cap } from '../../model/cap.ts';
import { ACCOUNT_ID, compileTestFlow, dailyCap, FLOW_ID, testFlow } from '../../pipeline/testing/test-flow.ts';
import { createSecretBox } from '../secret-box.ts';
import { createAccountStore } from './accounts.ts';
import { createCapAlertStore } from './cap-alerts.ts';

/** Noon of a day in New York, which is the account's zone. */
const NOON = Date.UTC(2026, 5, 1, 16);
const DAY = 86_400_000;
const MINUTE = 60_000;
const CAP = 'cccccccccccccccccccccccc';
const SECRET = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';

let database: TestDatabase;
let pool: pg.Pool;
let now = NOON;
let flows: CompiledFlow[] = [];
let sent: { target: AlertTarget; id: string; body: string }[] = [];
let fault: string | null = null;
const box = createSecretBox(randomBytes(32), randomBytes);
const ids = createIds({ now: () => now, random: Math.random });

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ ...database.connection, max: 6 });
  const account = {
    id: ACCOUNT_ID,
    name: 'Acme',
    timeZone: 'America/New_York',
    dataRetentionInDays: 90,
    isPingEnabled: false,
  };
  await createAccountStore(pool).insert(account, NOON);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const settings = { url: 'https://hooks.example.com/caps', emails: [], thresholds: [80, 100] };

beforeEach(async () => {
  now = NOON;
  sent = [];
  fault = null;
  await pool.query('truncate cap_alert_settings, cap_alerts, cap_windows');
  await createCapAlertStore(pool, box).write(ACCOUNT_ID, { definition: settings, secret: SECRET, now: NOON - MINUTE });
  run(dailyCap({ maximum: 10, name: 'Day' }));
});

/** Puts a flow with this cap in the place of what ran. */
function run(cap: Cap, generation = 0): void {
  const { flow, problems } = compileTestFlow(testFlow({ caps: [cap] }));
  expect(problems).toEqual([]);
  flows = [{ ...flow, capGenerations: { [CAP]: generation } }];
}

/** A server of its own: nothing is shared with another but the database. */
function openWatch(db: pg.Pool = pool) {
  return createCapWatch({
    store: createCapAlertStore(db, box),
    listFlows: () => flows,
    mail: async () => null,
    send: async (target, { id, body }) => {
      sent.push({ target, id, body });
      return { fault, headers: null, response: null };
    },
    clock: { now: () => now },
    ids,
  });
}
const watch = () => openWatch()();

/** Moves the clock past the next look. */
async function later(ms = 10_000) {
  now += ms;
  return watch();
}

async function count(
  places: number,
  parts: { startsAt?: number; endsAt?: number; generation?: number; held?: number } = {},
) {
  const midnight = Date.UTC(2026, 5, 1, 4);
  const { startsAt = midnight, endsAt = midnight + DAY, generation = 0, held = 0 } = parts;
  await pool.query(
    `insert into cap_windows (account_id, cap_id, starts_at, ends_at, flow_id, count, held, generation)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (account_id, cap_id, starts_at) do update
       set count = excluded.count, held = excluded.held, generation = excluded.generation`,
    [ACCOUNT_ID, CAP, new Date(startsAt), new Date(endsAt), FLOW_ID, places, held, generation],
  );
}

const thresholds = () => sent.map(({ body }) => JSON.parse(body).data.threshold);

describe('a cap', () => {
  it('that reaches its thresholds is reported once each', async () => {
    await count(7, { held: 3 });
    expect(await watch()).toEqual({ recorded: 0, sent: 0, failed: 0 });
    await count(8, { held: 1 });
    expect(await later()).toEqual({ recorded: 1, sent: 1, failed: 0 });
    for (const places of [9, 8, 3, 8]) {
      await count(places);
      await later();
    }
    expect(thresholds()).toEqual([80]);
    await count(10);
    await later();
    await later();
    expect(thresholds()).toEqual([80, 100]);
    expect(sent[0]?.target).toEqual({ accountId: ACCOUNT_ID, emails: [], url: settings.url, secret: SECRET });
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual({
      type: 'cap.threshold_reached',
      timestamp: new Date(NOON + 10_000).toISOString(),
      data: {
        threshold: 80,
        cap: {
          ...{ id: CAP, type: 'volume', name: 'Day', source_id: null, step_id: null, maximum: 10 },
          ...{ duration: 1, duration_units: 'day', time_zone: 'America/New_York' },
        },
        flow: { id: FLOW_ID, name: 'Solar leads' },
        count: 8,
        held: 1,
        started_at: '2026-06-01T04:00:00.000Z',
        expires_at: '2026-06-02T04:00:00.000Z',
      },
    });
  });

  it('is reported once although six servers look at the same moment, every time of 15', async () => {
    const servers = Array.from({ length: 6 }, () => openWatch());
    for (let round = 0; round < 15; round += 1) {
      await pool.query('truncate cap_alerts');
      sent = [];
      now += 10_000;
      await count(10);
      const passes = await Promise.all(servers.map((look) => look()));
      expect(passes.reduce((total, { recorded }) => total + recorded, 0)).toBe(2);
      // Servers that have looked before the alerts were there leave them to the next pass.
      await Promise.all(servers.map((look) => look()));
      expect(thresholds().toSorted((one, other) => one - other)).toEqual([80, 100]);
    }
  });

  it('whose maximum is raised is reported again for the new one; put back, it is not', async () => {
    await count(10);
    await watch();
    run(dailyCap({ maximum: 20 }));
    expect(await later()).toMatchObject({ recorded: 0 });
    await count(16);
    await later();
    run(dailyCap({ maximum: 10 }));
    await later();
    expect(sent.map(({ body }) => [JSON.parse(body).data.threshold, JSON.parse(body).data.cap.maximum])).toEqual([
      [80, 10],
      [100, 10],
      [80, 20],
    ]);
  });

  it('whose count began again after an edit of its rules is reported again', async () => {
    await count(8);
    await watch();
    run(dailyCap({ maximum: 10 }), 1);
    // The counter is still that of the rules before.
    expect(await later()).toMatchObject({ recorded: 0 });
    await count(8, { generation: 1 });
    expect(await later()).toMatchObject({ recorded: 1 });
  });

  it('is reported again in its next window', async () => {
    await count(8);
    await watch();
    now = NOON + DAY;
    await count(9, { startsAt: Date.UTC(2026, 5, 2, 4), endsAt: Date.UTC(2026, 5, 3, 4) });
    await watch();
    expect(thresholds()).toEqual([80, 80]);
  });

  it('of a minute that filled and ended between two looks is reported', async () => {
    run(dailyCap({ maximum: 10, duration_units: 'minute' }));
    now = NOON + 55_000;
    const server = openWatch();
    await server();
    await count(10, { startsAt: NOON, endsAt: NOON + MINUTE });
    now = NOON + 65_000;
    await server();
    now = NOON + 75_000;
    await server();
    expect(sent.map(({ body }) => JSON.parse(body).data.started_at)).toEqual(
      Array(2).fill(new Date(NOON).toISOString()),
    );
  });

  it('that stands above a threshold when the alerts are made is reported', async () => {
    await pool.query('truncate cap_alert_settings');
    await count(9);
    expect(await watch()).toEqual({ recorded: 0, sent: 0, failed: 0 });
    await createCapAlertStore(pool, box).write(ACCOUNT_ID, { definition: settings, secret: SECRET, now });
    expect(await later()).toMatchObject({ recorded: 1, sent: 1 });
  });
});

describe('an alert that is not received', () => {
  it('is sent again in growing pauses, with the same id and body, until it is', async () => {
    await count(8);
    fault = 'answered status 500';
    expect(await watch()).toEqual({ recorded: 1, sent: 0, failed: 1 });
    expect(await later(20_000)).toMatchObject({ failed: 0 });
    expect(await later(10_000)).toMatchObject({ failed: 1 });
    expect(await later(50_000)).toMatchObject({ failed: 0 });
    const store = createCapAlertStore(pool, box);
    expect(await store.listRecorded(ACCOUNT_ID, 5)).toMatchObject([{ state: 'waiting', attempts: 2, reason: fault }]);
    fault = null;
    expect(await later(10_000)).toMatchObject({ sent: 1 });
    await later(DAY / 24);
    expect(new Set(sent.map(({ id, body }) => `${id} ${body}`)).size).toBe(1);
    expect(sent).toHaveLength(3);
    expect(await store.listRecorded(ACCOUNT_ID, 5)).toMatchObject([{ state: 'sent', attempts: 3, reason: null }]);
  });

  it('is given up after its last attempt', async () => {
    await count(8);
    fault = 'not received (refused)';
    await watch();
    for (let hours = 0; hours < 48; hours += 1) await later(3_600_000);
    expect(sent.length).toBe(ATTEMPTS_MAX);
    expect(await createCapAlertStore(pool, box).listRecorded(ACCOUNT_ID, 5)).toMatchObject([
      { state: 'given_up', attempts: ATTEMPTS_MAX, reason: fault },
    ]);
  });

  it('because its server stopped is sent by another', async () => {
    await count(8);
    const store = createCapAlertStore(pool, box);
    const stopping = createCapWatch({
      store,
      listFlows: () => flows,
      mail: async () => null,
      send: () => Promise.reject(new Error('the process is gone')),
      clock: { now: () => now },
      ids,
    });
    await expect(stopping()).rejects.toThrow('gone');
    expect(await later(30_000)).toMatchObject({ sent: 0 });
    expect(await later(30_000)).toMatchObject({ recorded: 0, sent: 1 });
  });

  it('is given up with the setting, and not sent when there is one again', async () => {
    await count(8);
    fault = 'answered status 503';
    await watch();
    const store = createCapAlertStore(pool, box);
    await store.remove(ACCOUNT_ID, now);
    expect(await store.listRecorded(ACCOUNT_ID, 5)).toMatchObject([{ state: 'given_up' }]);
    await store.write(ACCOUNT_ID, { definition: settings, secret: SECRET, now });
    expect(await later(MINUTE)).toEqual({ recorded: 0, sent: 0, failed: 0 });
  });

  it('goes to the new address, signed with the new secret', async () => {
    await count(8);
    fault = 'answered status 404';
    await watch();
    const store = createCapAlertStore(pool, box);
    const url = 'https://other.example.com/';
    const again = await store.write(ACCOUNT_ID, { definition: { ...settings, url }, secret: 'whsec_bm90', now });
    expect(again.isNew).toBe(false);
    await later(MINUTE);
    await store.writeSecret(ACCOUNT_ID, { secret: 'whsec_bmV3', now });
    await later(5 * MINUTE);
    expect(sent.map(({ target }) => [target.url, target.secret])).toEqual([
      [settings.url, SECRET],
      [url, SECRET],
      [url, 'whsec_bmV3'],
    ]);
  });
});

describe('a pass', () => {
  /** A pool that notes the statements of its clients. */
  function openNoting() {
    const statements: string[] = [];
    const noting = new pg.Pool({ ...database.connection, max: 1 });
    noting.on('connect', (client) => {
      const query = client.query.bind(client);
      Object.assign(client, {
        query: (...given: Parameters<typeof query>) => {
          statements.push(String(given[0]));
          return query(...given);
        },
      });
    });
    return { noting, statements };
  }

  it('costs two statements without a setting, and no write to a counter with one', async () => {
    const { noting, statements } = openNoting();
    try {
      const server = openWatch(noting);
      await pool.query('truncate cap_alert_settings');
      await count(10);
      await server();
      expect(statements).toHaveLength(2);
      await createCapAlertStore(pool, box).write(ACCOUNT_ID, { definition: settings, secret: SECRET, now: 0 });
      await server();
      now += 10_000;
      statements.length = 0;
      await server();
      expect(statements.map((text) => text.trim().split(/\s+/).slice(0, 2).join(' '))).toEqual([
        'select account_id',
        'begin',
        'select thresholds,',
        'select k.ord::int',
        'update cap_alert_settings',
        'commit',
        'with due',
      ]);
      // Another server comes within the interval.
      statements.length = 0;
      await server();
      expect(statements).toHaveLength(2);
    } finally {
      await noting.end();
    }
  });
});

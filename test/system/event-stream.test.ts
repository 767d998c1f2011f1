import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLatch } from '../harness/latch.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, when } from './flows.ts';

let server: ComposedServer;
let flow: Awaited<ReturnType<ComposedServer['deploy']>>;

beforeAll(async () => {
  server = await startTestServer();
  const filter = { type: 'filter' as const, rule_set: when('lead.state', 'is equal to', 'NY'), reason: 'Not in NY' };
  flow = await server.deploy(flowOf([filter, deliveryTo(server.recipient.url)]));
});
afterAll(() => server.stop());

interface Reader {
  status(): number;
  text(): string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into events of every shape
  events(): any[];
  hasEnded(): boolean;
  /** The id that a browser would go on with. */
  lastId(): string;
  close(): void;
}

async function open(query = '', options: { key?: string; lastId?: string } = {}): Promise<Reader> {
  const { key = server.key, lastId } = options;
  let text = '';
  let hasEnded = false;
  const request = get(`${server.url}/events/stream${query}`, {
    agent: false,
    headers: {
      Authorization: `Basic ${Buffer.from(`api:${key}`).toString('base64')}`,
      ...(lastId === undefined ? {} : { 'Last-Event-ID': lastId }),
    },
  });
  const res = await new Promise<IncomingMessage>((resolve, reject) =>
    request.on('response', resolve).on('error', reject),
  );
  res.setEncoding('utf8');
  res.on('data', (chunk: string) => {
    text += chunk;
  });
  for (const end of ['end', 'error']) res.on(end, () => (hasEnded = true));
  return {
    status: () => res.statusCode ?? 0,
    text: () => text,
    events: () =>
      messagesOf(text).flatMap(({ event, data }) => (event === '' && data !== '' ? [JSON.parse(data)] : [])),
    hasEnded: () => hasEnded,
    lastId: () => messagesOf(text).findLast(({ id }) => id !== '')?.id ?? '',
    close: () => res.destroy(),
  };
}

/** Whole messages of a stream. */
function messagesOf(text: string): { id: string; event: string; data: string }[] {
  const whole = text.slice(0, text.lastIndexOf('\n\n') + 1);
  return whole.split('\n\n').map((message) => {
    const fieldOf = (name: string) =>
      message
        .split('\n')
        .find((line) => line.startsWith(`${name}: `))
        ?.slice(name.length + 2) ?? '';
    return { id: fieldOf('id'), event: fieldOf('event'), data: fieldOf('data') };
  });
}

/** Of a lead whose events fill a connection soon. */
const VALUE_CHARACTERS = 100_000;
const EVENTS_OF_LOOK = 50;
const LOOKS = 7;

/** As many events as one look takes, of now and of the lead of that event. */
async function repeatEvent(eventId: string, look: number): Promise<void> {
  await server.query(
    `insert into events (account_id, lead_id, seq, id, type, outcome, reason, flow_id, source_id, step_id, facts)
     select account_id, lead_id, 100 + $2::int * 100 + n,
            lpad(to_hex(extract(epoch from clock_timestamp())::bigint), 8, '0') || substr(id, 9, 8) || lpad(to_hex($2::int * 100 + n), 8, '0'),
            'filter', outcome, null, flow_id, source_id, step_id, facts
       from events, generate_series(1, ${EVENTS_OF_LOOK}) as n where id = $1`,
    [eventId, look],
  );
}

/** Its first look is over: what is committed from now on comes. */
const isFollowing = (reader: Reader) => reader.lastId() !== '';

async function submit(values: object): Promise<string> {
  return (await server.submit(flow, values)).body.lead.id;
}

describe('the stream of events', () => {
  it('has new events as GET /events has them, filtered by parameters and rules, each once', async () => {
    await submit({ state: 'TX', email: 'before@example.com' });
    const all = await open();
    const rejected = await open('?type=source&outcome=failure&include=id,reason');
    const rules = encodeURIComponent(JSON.stringify([{ lhv: 'vars.lead.state', op: 'is equal to', rhv: 'NY' }]));
    const ruled = await open(`?rules=${rules}&type=filter`);
    await until('all follow', () => [all, rejected, ruled].every(isFollowing));
    const sold = await submit({ state: 'TX', email: 'sold@example.com' });
    const stopped = await submit({ state: 'NY', email: 'stopped@example.com' });
    await until(
      'the events came',
      () => all.events().length >= 5 && rejected.events().length + ruled.events().length >= 2,
    );
    const ids = (await server.api('GET', `/events?lead_id=${sold},${stopped}&sort=asc`)).body;
    expect(all.events()).toEqual(ids);
    expect(rejected.events()).toEqual([{ id: expect.any(String), reason: 'Not in NY' }]);
    expect(ruled.events()).toMatchObject([{ type: 'filter', outcome: 'stop', vars: { lead: { id: stopped } } }]);
    for (const reader of [all, rejected, ruled]) reader.close();
  });

  it('goes on behind the last id without a gap', async () => {
    const first = await open('?include=id');
    await until('it follows', () => isFollowing(first));
    await submit({ state: 'TX' });
    await until('the events came', () => first.events().length === 3);
    first.close();
    const missed = await submit({ state: 'NY' });
    const second = await open('?include=id', { lastId: first.lastId() });
    const expected = (await server.api('GET', `/events?lead_id=${missed}&sort=asc&include=id`)).body;
    await until('what was missed came', () => second.events().length >= expected.length);
    expect(second.events().slice(-expected.length)).toEqual(expected);
    const again = await submit({ state: 'NY' });
    const later = (await server.api('GET', `/events?lead_id=${again}&sort=asc&include=id`)).body;
    await until('it follows too', () => second.events().some(({ id }) => id === later.at(-1).id));
    expect(new Set(second.events().map(({ id }) => id)).size).toBe(second.events().length);
    second.close();
  });

  it('has the events of a lead that ends after others that began later', async () => {
    const held = createLatch();
    server.recipient.answerWith(async ({ body }) => {
      if (body.includes('slow')) await held.opened;
      return { body: { outcome: 'success' } };
    });
    const reader = await open('?include=id,vars');
    await until('it follows', () => isFollowing(reader));
    const slow = server.submit(flow, { state: 'TX', email: 'slow@example.com' });
    await until('the lead is under way', async () => (await server.query('select from runs')).length === 1);
    await submit({ state: 'NY' });
    await until('others came', () => reader.events().length === 2);
    held.open();
    await slow;
    await until('its events came', () => reader.events().length === 5);
    reader.close();
  });

  it('leaves out what is too much, and says so', async () => {
    const reader = await open('?include=id');
    await until('it follows', () => isFollowing(reader));
    const [event] = (await server.api('GET', '/events?limit=1')).body;
    await server.query(
      `insert into events (account_id, lead_id, seq, id, type, outcome, reason, flow_id, source_id, step_id, facts)
       select account_id, lead_id, seq + n, left(id, 18) || lpad(to_hex(n), 6, '0'), type, outcome, null, flow_id,
              source_id, step_id, facts
         from events, generate_series(2, 301) as n where id = $1`,
      [event.id],
    );
    await until('it says so', () => reader.text().includes('event: sampled'));
    expect(reader.events()).toHaveLength(50);
    expect(reader.text()).toContain('data: {"left_out":250,"at_least":false}');
    await server.query('delete from events where lead_id = $1 and seq > $2', [event.vars.lead.id, 100]);
    reader.close();
  });

  it('a reader that stops reading costs what the server bounds, and reads what it missed', async () => {
    const lead = await submit({ state: 'NY', first_name: 'x'.repeat(VALUE_CHARACTERS) });
    const [event] = (await server.api('GET', `/events?lead_id=${lead}&include=id&limit=1`)).body;
    const observer = await open('?include=id&type=filter');
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    const authorization = `Basic ${Buffer.from(`api:${server.key}`).toString('base64')}`;
    socket.write(
      `GET /events/stream?include=id,vars&type=filter HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n\r\n`,
    );
    await until('both follow', () => isFollowing(observer) && /^id: /m.test(text));
    socket.pause();
    const [before, seen] = [text.length, observer.events().length];
    for (let look = 1; look <= LOOKS; look += 1) {
      await repeatEvent(event.id, look);
      await until(`look ${look} is over`, () => observer.events().length >= seen + look * EVENTS_OF_LOOK);
    }
    socket.resume();
    const countSent = () => text.slice(before).match(/^data: \{"id"/gm)?.length ?? 0;
    const countLeftOut = () =>
      Array.from(text.matchAll(/event: sampled\ndata: (\{.*\})/g), ([, json = '']) => JSON.parse(json).left_out).reduce(
        (sum: number, leftOut: number) => sum + leftOut,
        0,
      );
    // What was left out is told with the look that is taken again.
    await until('it takes again', async () => {
      if (countLeftOut() > 0) return true;
      await submit({ state: 'NY' });
      return false;
    });
    const own = observer.events().length - seen - LOOKS * EVENTS_OF_LOOK;
    expect(countLeftOut()).toBeGreaterThanOrEqual(EVENTS_OF_LOOK);
    expect(Math.abs(countSent() + countLeftOut() - LOOKS * EVENTS_OF_LOOK - own)).toBeLessThanOrEqual(2);
    // Less than all: what the kernel holds of a connection, the bound, and one look on top of it.
    expect(text.length).toBeLessThan(LOOKS * EVENTS_OF_LOOK * VALUE_CHARACTERS);
    socket.destroy();
    observer.close();
    await server.query('delete from events where lead_id = $1 and seq > $2', [lead, 100]);
  });

  it('is refused to who may not read leads, with what is wrong with a question, and beyond five an account', async () => {
    expect((await open('', { key: 'wrong' })).status()).toBe(401);
    expect((await open('?type=nonsense')).status()).toBe(400);
    expect((await open('?limit=5')).status()).toBe(400);
    const readers = await Promise.all(Array.from({ length: 6 }, () => open('?type=retry')));
    expect(readers.map((reader) => reader.status()).sort()).toEqual([200, 200, 200, 200, 200, 503]);
    for (const reader of readers) reader.close();
    await until('there is room again', async () => {
      const reader = await open('?type=retry');
      reader.close();
      return reader.status() === 200;
    });
  });

  it('ends with the server', async () => {
    const reader = await open();
    await until('it follows', () => isFollowing(reader));
    await server.restart();
    await until('it has ended', reader.hasEnded);
  });
});

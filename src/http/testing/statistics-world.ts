import { firstIdAt } from '../../lib/ids.ts';
import { dollars, type Money } from '../../model/money.ts';
import { type CountedEvent, sumEntry, sumLead, sumPing } from '../../statistics/sum-lead.ts';
import { createTallies } from '../../statistics/tallies.ts';
import { addStoredTallies } from '../../store/postgres/add-tallies.ts';
import { inTransaction } from '../../store/postgres/in-transaction.ts';
import type { TestApi } from './test-server.ts';

/** Made-up leads whose counts are known. */
export interface World {
  flows: string[];
  leads: WorldLead[];
  pings: WorldPing[];
}

export interface WorldEvent {
  id: string;
  at: number;
  seq: number;
  type: 'source' | 'recipient' | 'retry' | 'filter' | 'feedback-received' | 'feedback-sent';
  outcome: string;
  reason: string | null;
  recipientId: string | null;
  /** Of feedback. */
  feedback: 'return' | 'conversion' | null;
  revenue: number;
}

export interface WorldLead {
  id: string;
  flowId: string;
  sourceId: string;
  outcome: string;
  price: number;
  state: string;
  pingId: string | null;
  events: WorldEvent[];
  entries: { id: string; at: number; kind: 'cost' | 'revenue'; amount: number; recipientId: string; eventId: string }[];
}

export interface WorldPing {
  id: string;
  at: number;
  flowId: string;
  sourceId: string;
  outcome: string;
  price: number;
}

const WINDOWS = [Date.UTC(2025, 2, 8), Date.UTC(2025, 3, 4)];
const DAYS = 3;
const PRICES = [0, 10_000, 25_000];
const STATES = ['TX', 'CA', 'NY'];

/** The same leads for the same seed. */
export function makeWorld({ seed, leads }: { seed: number; leads: number }): World {
  let state = seed;
  const pick = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
  const one = <T>(values: readonly T[]): T => values[pick(values.length)] as T; // never empty
  let serial = 0;
  const idAt = (at: number): string => {
    serial += 1;
    return firstIdAt(at).slice(0, 8) + serial.toString(16).padStart(16, '0');
  };
  const flows = ['f1', 'f2'].map(padId);
  const sources = ['a1', 'a2', 'a3'].map(padId);
  const recipients = ['b1', 'b2', 'b3'].map(padId);
  const world: World = { flows, leads: [], pings: [] };
  for (let place = 0; place < leads; place += 1) {
    let at = one(WINDOWS) + pick(DAYS * 86_400) * 1000;
    const [flowId, sourceId] = [one(flows), one(sources)];
    const leadId = idAt(at);
    const outcome = one(['success', 'success', 'failure', 'error']);
    const price = outcome === 'success' ? one(PRICES) : 0;
    const ping =
      pick(3) === 0
        ? { id: idAt(at), at, flowId, sourceId, outcome: one(['success', 'failure']), price: one(PRICES) }
        : null;
    if (ping) world.pings.push(ping);
    const lead: WorldLead = {
      id: leadId,
      flowId,
      sourceId,
      outcome,
      price,
      state: one(STATES),
      pingId: ping?.id ?? null,
      events: [],
      entries: [],
    };
    const add = (event: Pick<WorldEvent, 'type' | 'outcome'> & Partial<WorldEvent>): WorldEvent => {
      at += pick(4) === 0 ? pick(20_000) * 1000 : pick(3) * 1000;
      const added = {
        id: idAt(at),
        at,
        seq: lead.events.length + 1,
        reason: one([null, 'Bad phone 555-0100', 'Bad phone 555-0199', 'No']),
        recipientId: null,
        feedback: null,
        revenue: 0,
        ...event,
      };
      lead.events.push(added);
      return added;
    };
    if (pick(3) === 0) add({ type: 'filter', outcome: one(['continue', 'stop']) });
    const deliveries = pick(4);
    for (let step = 0; step < deliveries; step += 1) {
      const said = one(['success', 'failure', 'error', 'skip']);
      add({
        type: 'recipient',
        outcome: said,
        recipientId: one(recipients),
        revenue: said === 'success' ? one(PRICES) : 0,
      });
    }
    add({ type: 'source', outcome, reason: outcome === 'success' ? null : one(['Duplicate', 'Cap reached']) });
    for (let attempt = pick(3); attempt > 0; attempt -= 1) {
      const said = one(['success', 'failure']);
      add({
        type: 'retry',
        outcome: said,
        recipientId: one(recipients),
        revenue: said === 'success' ? one(PRICES) : 0,
      });
    }
    const sold = lead.events.filter(({ outcome: said, recipientId }) => recipientId !== null && said === 'success');
    for (const sale of sold.slice(0, pick(3))) {
      const feedback = one(['return', 'conversion'] as const);
      const said = one(['success', 'failure']);
      const received = add({ type: 'feedback-received', outcome: said, recipientId: sale.recipientId, feedback });
      if (pick(2) === 0)
        add({ type: 'feedback-sent', outcome: one(['success', 'error']), recipientId: sale.recipientId, feedback });
      if (feedback === 'return' && said === 'success' && sale.recipientId !== null) {
        const entry = { at, recipientId: sale.recipientId, eventId: received.id };
        lead.entries.push({ ...entry, id: idAt(at), kind: 'revenue', amount: -sale.revenue });
        if (pick(2) === 0 && !lead.entries.some(({ kind }) => kind === 'cost'))
          lead.entries.push({ ...entry, id: idAt(at), kind: 'cost', amount: -price });
      }
    }
    world.leads.push(lead);
  }
  return world;
}

function padId(text: string): string {
  return text.padStart(24, '5fd0c0de0000000000000000');
}

function factsOf(lead: WorldLead, { type, revenue, feedback }: WorldEvent): object {
  const cost = dollars(lead.price as Money);
  if (type === 'source')
    return {
      version: 1,
      host: 'h',
      handler_version: '1',
      total_ms: 120,
      cost,
      purchase_price: cost,
      ...(lead.pingId ? { ping_id: lead.pingId } : {}),
    };
  if (type === 'recipient' || type === 'retry')
    return {
      version: 1,
      wait_ms: 80,
      caps_reached: false,
      sale_price: dollars(revenue as Money),
      revenue: dollars(revenue as Money),
    };
  return feedback ? { version: 1, feedback_type: feedback, feedback_id: 'x' } : { version: 1 };
}

function countedOf(lead: WorldLead) {
  const events = lead.events.map(
    (event): CountedEvent => ({
      ...event,
      stepId: event.recipientId && 'step01',
      facts: factsOf(lead, event) as CountedEvent['facts'],
    }),
  ); // as they are stored
  return {
    leadId: lead.id,
    flowId: lead.flowId,
    sourceId: lead.sourceId,
    outcome: lead.outcome,
    reason: reasonOf(lead),
    events,
    fields: ['state'],
  };
}

/** The reason of a lead is that of its source event. */
function reasonOf({ events }: WorldLead): string | null {
  return events.find(({ type }) => type === 'source')?.reason ?? null;
}

/** Stores the leads and their counts, as if they had been counted. */
export async function insertWorld(api: TestApi, world: World): Promise<void> {
  for (const flowId of world.flows) await insertFlow(api, flowId);
  for (const lead of world.leads) await insertLead(api, lead);
  const tallies = createTallies();
  for (const lead of world.leads) {
    sumLead(tallies, countedOf(lead));
    for (const entry of lead.entries) sumEntry(tallies, countedOf(lead), entry);
  }
  for (const ping of world.pings) {
    sumPing(tallies, { ...ping, reason: null });
    await api.pool.query(
      `insert into pings (account_id, id, flow_id, source_id, revision, node_id, outcome, price, submitted_at, expires_at, facts)
       values ($1, $2, $3, $4, 1, 'n', $5, $6, $7, $7, '{}')`,
      [api.account.id, ping.id, ping.flowId, ping.sourceId, ping.outcome, ping.price, new Date(ping.at)],
    );
  }
  await inTransaction(api.pool, (client) => addStoredTallies(client, { accountId: api.account.id, tallies }));
}

/** Rules and values of leads are read with the flow as it was. */
async function insertFlow({ pool, account }: TestApi, id: string): Promise<void> {
  const at = new Date(0);
  const document = { name: `Flow ${id.slice(-2)}`, enabled: true, fields: ['state'], sources: [], steps: [] };
  await pool.query(
    'insert into flows (account_id, id, saved_revision, created_at, updated_at) values ($1, $2, 1, $3, $3)',
    [account.id, id, at],
  );
  await pool.query(
    'insert into flow_revisions (account_id, flow_id, revision, document, saved_at) values ($1, $2, 1, $3, $4)',
    [account.id, id, document, at],
  );
}

async function insertLead({ pool, account }: TestApi, lead: WorldLead): Promise<void> {
  const at = new Date(Number.parseInt(lead.id.slice(0, 8), 16) * 1000);
  await pool.query(
    `insert into leads (account_id, id, flow_id, source_id, revision, node_id, outcome, reason, price, submitted_at)
     values ($1, $2, $3, $4, 1, 'n', $5, $6, $7, $8)`,
    [account.id, lead.id, lead.flowId, lead.sourceId, lead.outcome, reasonOf(lead), lead.price, at],
  );
  await pool.query('insert into lead_data (account_id, lead_id, part, document) values ($1, $2, 0, $3)', [
    account.id,
    lead.id,
    JSON.stringify({ vars: { lead: { id: lead.id, state: { normal: lead.state, raw: lead.state, valid: true } } } }),
  ]);
  for (const event of lead.events) {
    await pool.query(
      `insert into events (account_id, lead_id, seq, id, type, outcome, reason, flow_id, source_id, step_id, recipient_id, facts)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        ...[
          account.id,
          lead.id,
          event.seq,
          event.id,
          event.type,
          event.outcome,
          event.reason,
          lead.flowId,
          lead.sourceId,
        ],
        ...[event.recipientId && 'step01', event.recipientId, JSON.stringify(factsOf(lead, event))],
      ],
    );
  }
  for (const { id, at: madeAt, kind, amount, recipientId, eventId } of lead.entries) {
    await pool.query(
      `insert into money_entries (account_id, lead_id, id, kind, amount, reason, event_id, flow_id, source_id, recipient_id, created_at)
       values ($1, $2, $3, $4, $5, 'return', $6, $7, $8, $9, $10)`,
      [account.id, lead.id, id, kind, amount, eventId, lead.flowId, lead.sourceId, recipientId, new Date(madeAt)],
    );
  }
}

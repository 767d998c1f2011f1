import { setTimeout as wait } from 'node:timers/promises';
import { agreePrice, type Buying } from './agreements.ts';
import type { FeedbackAct, History } from './history.ts';
import type { Peers } from './peers.ts';

/** The steps of a flow as it was saved. */
export interface PlayedFlow {
  id: string;
  sourceIds: string[];
  /** Ids of caps that count money: of the flow, and by the id of a step. */
  flowCapId: string;
  steps: { id: string; capId: string; buying: Buying }[];
}

/** What leads are played on; `ask` goes to a server that lives, and is repeated until one answers. */
export interface Play {
  flows: readonly PlayedFlow[];
  histories: readonly History[];
  peers: Peers;
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
  ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }>;
  query(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** Starts the duty that asks sources again and keeps deadlines. */
  runDuty(): Promise<void>;
}

/** What senders, recipients and the people who decide have written down. */
export interface Notes {
  /** By the number of the lead; a sender without an answer is missing. */
  told: Map<number, Told>;
  /** `lead id, buyer, isAgain` of deliveries that were resolved without a price. */
  unnamed: Set<string>;
  /** By `lead buyer`: what the recipient was last answered to its return. */
  returns: Map<string, ReturnTold>;
  /** Numbers of acts that were sent. */
  acted: Set<string>;
}

export interface Told {
  leadId: string;
  outcome: string;
  /** Dollars. */
  price: number;
}

export type ReturnTold = 'accepted' | 'declined' | 'open';

export function openNotes(): Notes {
  return { told: new Map(), unnamed: new Set(), returns: new Map(), acted: new Set() };
}

export function nameBuying(leadId: string, { buyer, isAgain }: Pick<Buying, 'buyer' | 'isAgain'>): string {
  return `${leadId} ${buyer} ${isAgain}`;
}

const AT_ONCE = 16;
const ROUNDS_MAX = 60;
const WAIT_MS = 20;
const WAITS_MAX = 6_000;

/** Runs all, so many at once. */
export async function forEach<T>(all: readonly T[], act: (each: T) => Promise<void>, atOnce = AT_ONCE): Promise<void> {
  let next = 0;
  const work = async () => {
    for (let each = all[next++]; each !== undefined; each = all[next++]) await act(each);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

/** What the sender of a lead submits. */
export function valuesOf(histories: readonly History[], lead: number): Record<string, string> {
  const { state, submitted, isRepeated } = histories[lead] as History; // leads are numbered by their place
  const person = isRepeated ? Math.max(0, lead - 1) : lead;
  const price = String(submitted / 10_000);
  return { first_name: String(lead), last_name: 'Lee', email: `person${person}@example.com`, state, price };
}

/** Feedback of recipients that have bought, and what people decide of it. */
export async function giveFeedback(play: Play, notes: Notes, { isEarly }: { isEarly: boolean }): Promise<void> {
  await forEach(listActs(play, notes, isEarly), async ({ name, lead, act }) => {
    const sale = play.peers.sales.get(lead)?.find(({ buyer }) => buyer === act.buyer);
    // The server does not know yet of what was bought and not answered.
    if (!sale || (isEarly && !sale.isAnswered)) return;
    notes.acted.add(name);
    const { body } = await play.ask('POST', `/feedback?event_id=${sale.eventId}`, { type: act.type });
    if (act.type === 'return' && body?.outcome !== undefined) notes.returns.set(`${lead} ${act.buyer}`, 'open');
    if (act.type === 'return') await decide(play, { leadId: sale.leadId, act, eventId: sale.eventId });
  });
}

function listActs({ histories }: Play, { acted }: Notes, isEarly: boolean) {
  return histories
    .flatMap(({ acts }, lead) => acts.map((act, index) => ({ name: `${lead} ${index}`, lead, act })))
    .filter(({ name, act }) => !acted.has(name) && (act.isEarly || !isEarly));
}

async function decide(
  { ask, query }: Play,
  { leadId, act, eventId }: { leadId: string; act: FeedbackAct; eventId: string },
): Promise<void> {
  const { body } = await ask('GET', `/returns?lead_id=${leadId}&status=pending`);
  const waiting = body.find((each: { recipient_event_id: string }) => each.recipient_event_id === eventId);
  if (!waiting || act.decision === 'none') return;
  if (act.decision === 'deadline')
    await query(`update feedback set deadline_at = now() - interval '1 second' where id = $1`, [waiting.id]);
  else await ask('POST', `/returns/${waiting.id}/${act.decision}`, {});
}

/** Asks sources again and keeps deadlines, until nothing waits for either. */
export async function settleFeedback({ query, runDuty }: Play): Promise<void> {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    await query(`update feedback set next_attempt_at = now() where status = 'relaying' and next_attempt_at > now()`);
    const [open] = await query(OPEN_FEEDBACK);
    if (open?.['count'] === 0) return;
    await runDuty();
    await wait(250);
  }
  throw new Error('feedback is left that neither a source nor a deadline decides');
}

const OPEN_FEEDBACK = `select count(*)::int as count from feedback
  where status = 'relaying' or (status = 'pending' and deadline_at <= now())`;

/** Makes attempts until none is due, and says of each doubtful delivery what its buyer knows, until nothing is open. */
export async function settleDeliveries(play: Play, notes: Notes): Promise<void> {
  const { query } = play;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    await query(`update retries set next_attempt_at = now() where status = 'waiting' and next_attempt_at > now()`);
    await untilNone(play, BUSY);
    await resolveAll(play, notes);
    const [open] = await query(OPEN_DELIVERIES);
    if (open?.['count'] === 0) return;
  }
  throw new Error('deliveries are left that are tried again without an end');
}

const BUSY = `select (select count(*) from runs)::int + (select count(*) from retries
  where status = 'running' or (status = 'waiting' and next_attempt_at <= now()))::int as count`;
const OPEN_DELIVERIES = `select (select count(*) from retries where status in ('waiting', 'running'))::int
  + (select count(*) from unknowns where resolved_at is null)::int as count`;

export async function untilNone({ query }: Pick<Play, 'query'>, counting: string): Promise<void> {
  for (let waits = 0; waits < WAITS_MAX; waits += 1) {
    const [left] = await query(counting);
    if (left?.['count'] === 0) return;
    await wait(WAIT_MS);
  }
  throw new Error(`something is left: ${counting}`);
}

async function resolveAll(play: Play, notes: Notes): Promise<void> {
  const open = await play.query(OPEN_UNKNOWNS);
  await forEach(open, async ({ event_id: eventId, lead_id: leadId, step_id: stepId }) => {
    const step = play.flows.flatMap(({ steps }) => steps).find(({ id }) => id === stepId);
    const lead = await readNumber(play, String(leadId));
    if (!step) return;
    const history = play.histories[lead];
    const { buying } = step;
    const sales = play.peers.sales.get(lead) ?? [];
    const isBought = sales.some(
      (sale) => sale.leadId === leadId && sale.buyer === buying.buyer && sale.isAgain === buying.isAgain,
    );
    const price = history && isBought && history.namesPrice ? agreePrice(history, buying) / 10_000 : undefined;
    const finding = isBought
      ? { resolution: 'delivered', note: BY_PLAY, ...(price === undefined ? {} : { price }) }
      : { resolution: 'not_delivered', ...(lead % 2 === 0 ? { retry: true } : {}) };
    await play.ask('POST', `/unknowns/${eventId}/resolve`, finding);
    if (!isBought || price !== undefined) return;
    // Also where the answer was lost with its server, or where an attempt was faster.
    const { body } = await play.ask('GET', `/unknowns?resolved=true&lead_id=${leadId}`);
    const isOurs = body.some(
      (each: { event_id: string; note: string | null }) => each.event_id === eventId && each.note === BY_PLAY,
    );
    if (isOurs) notes.unnamed.add(nameBuying(String(leadId), buying));
  });
}

const BY_PLAY = 'The buyer has it';
const OPEN_UNKNOWNS = `select distinct on (lead_id, step_id) event_id, lead_id, step_id from unknowns
  where resolved_at is null order by lead_id, step_id, event_id`;

/** Its number, which the lead carries. */
async function readNumber({ ask }: Play, leadId: string): Promise<number> {
  const { body } = await ask('GET', `/leads/${leadId}`);
  return Number(body.vars?.lead?.first_name ?? body.lead?.first_name ?? body.events[0].vars.lead.first_name);
}

/** Every recipient sends its return again and reads what became of it. */
export async function askAgain(play: Play, notes: Notes): Promise<void> {
  await forEach([...notes.returns.keys()], async (name) => {
    const [lead = 0, buyer = 0] = name.split(' ').map(Number);
    const sale = play.peers.sales.get(lead)?.find((each) => each.buyer === buyer);
    if (!sale) return;
    const { body } = await play.ask('POST', `/feedback?event_id=${sale.eventId}`, { type: 'return' });
    notes.returns.set(name, readTold(body));
  });
}

function readTold({ outcome, reason }: { outcome: string; reason?: string }): ReturnTold {
  if (outcome === 'failure') return 'declined';
  return outcome === 'success' && reason === undefined ? 'accepted' : 'open';
}

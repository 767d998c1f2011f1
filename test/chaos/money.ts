import fc from 'fast-check';
import { DEFAULT_SCHEMA, nameQueueSchema } from '../../src/store/postgres/schemas.ts';
import { buildFlows } from '../money/agreements.ts';
import { readFlow } from '../money/deploy.ts';
import { type History, histories } from '../money/history.ts';
import { type Books, judgeMoney } from '../money/judge.ts';
import { openPeers } from '../money/peers.ts';
import {
  askAgain,
  forEach,
  giveFeedback,
  type Notes,
  openNotes,
  type Play,
  settleDeliveries,
  settleFeedback,
  valuesOf,
} from '../money/play.ts';
import { ASK_AGAIN_MS, askUntilAnswered, fetchFrom, type House, openHouse, servePeers } from './house.ts';
import { pause, type Stage, setStage } from './stage.ts';

/**
 * `npm run chaos -- money`: thousands of leads with the mix of `test/money`, while the server and its PostgreSQL are
 * killed. In the end what each lead is reported to cost and to earn, the sums of rows and the counters of revenue caps are
 * compared with what senders, recipients, the pricing service and the source wrote down.
 */
export interface MoneyOptions {
  leads: number;
  kills: number;
  seed: number;
  /** Kills come soon after each other. */
  isShort: boolean;
}

export interface MoneyResult {
  books: Books;
  faults: string[];
}

const SENDERS = 48;
/** Of load between a start and the next kill. */
const LOAD_MS = { short: 2_500, long: 8_000 };
const FAULTS_SHOWN = 20;

export async function runMoney(options: MoneyOptions): Promise<MoneyResult> {
  const stage = await setStage([]);
  let isClean = false;
  try {
    const result = await play(stage, options);
    isClean = result.faults.length === 0;
    return result;
  } finally {
    await stage.end({ isClean });
  }
}

async function play(stage: Stage, { leads, kills, seed, isShort }: MoneyOptions): Promise<MoneyResult> {
  const house = await openHouse(stage);
  const { on, notes, close } = await openPlay(house, { leads, seed });
  const pace = { loadMs: LOAD_MS[isShort ? 'short' : 'long'], share: () => notes.told.size / leads };
  const killed = await playLives(house, { on, notes, killing: house.killOften(Array(kills).fill('all'), pace) });
  const { books, faults: differences } = await judgeMoney(on, notes);
  const faults = [...listMissedKills(killed, kills), ...differences];
  print(books, faults);
  await house.stop();
  close();
  return { books, faults };
}

/** What leads are played on: flows that are deployed, their peers, and what these write down. */
export interface OpenPlay {
  on: Play;
  notes: Notes;
  close(): void;
}

export async function openPlay(house: House, { leads, seed }: Pick<MoneyOptions, 'leads' | 'seed'>): Promise<OpenPlay> {
  const lives = fc.sample(histories, { numRuns: leads, seed });
  const peers = openPeers((lead) => lives[lead]);
  const { url, close } = await servePeers(peers);
  const ask: Play['ask'] = (method, path, body) => askUntilAnswered(house, { method, path, body });
  const service = await ask('POST', '/pricing_services', {
    name: 'Rates',
    url: `${url}price`,
    variables: ['lead.first_name'],
  });
  const flows: Play['flows'][number][] = [];
  for (const [index, flow] of buildFlows({ url, serviceId: service.body.id }).entries()) {
    const { body } = await ask('POST', '/flows', flow);
    await ask('POST', `/flows/${body.id}/deploy`, {});
    flows.push(readFlow(body, index));
  }
  const query = house.query;
  const runDuty = async () => void (await query(`select ${nameQueueSchema(DEFAULT_SCHEMA)}.add_job('feedback')`));
  return { on: { flows, histories: lives, peers, ask, query, runDuty }, notes: openNotes(), close };
}

/** Plays all lives to their end, while servers are killed. `submitted`: all leads were sent. */
export async function playLives(
  house: House,
  given: Pick<OpenPlay, 'on' | 'notes'> & { killing: () => Promise<number>; submitted?(): Promise<void> },
): Promise<number> {
  const { on, notes, killing, submitted } = given;
  await submitAll(house, { on, notes });
  console.log(`${notes.told.size} of ${on.histories.length} senders got an answer`);
  await submitted?.();
  await giveFeedback(on, notes, { isEarly: true });
  await settleDeliveries(on, notes);
  await giveFeedback(on, notes, { isEarly: false });
  await settleFeedback(on);
  const kills = await killing();
  console.log(`servers and databases were killed ${kills} times`);
  await settleDeliveries(on, notes);
  await settleFeedback(on);
  await askAgain(on, notes);
  return kills;
}

/** A run with fewer kills than it was asked for has not tried what it says. */
export function listMissedKills(killed: number, asked: number): string[] {
  return killed < asked ? [`only ${killed} of ${asked} kills came before the leads ended`] : [];
}

function print(books: Books, faults: readonly string[]): void {
  const dollars = (units: number) => (units / 10_000).toFixed(4);
  const { leads, deliveries, sales, returns, conversions, cost, revenue, costBack, revenueBack } = books;
  console.log(
    `${leads} leads, ${deliveries} deliveries, ${sales} sales, ${returns} returns, ${conversions} conversions`,
  );
  console.log(`cost ${dollars(cost)}, of it ${dollars(costBack)} taken back`);
  console.log(`revenue ${dollars(revenue)}, of it ${dollars(revenueBack)} taken back`);
  console.log(`profit ${dollars(revenue - revenueBack - cost + costBack)}`);
  console.log(`${faults.length} differences`);
  for (const fault of faults.slice(0, FAULTS_SHOWN)) console.log(`  ${fault}`);
}

/** Every sender sends its lead once; one whose answer is lost does not know what became of it. */
async function submitAll(house: House, { on, notes }: { on: Play; notes: Notes }): Promise<void> {
  await forEach([...on.histories.keys()], (lead) => submitOne(house, { on, notes, lead }), SENDERS);
}

async function submitOne(house: House, { on, notes, lead }: { on: Play; notes: Notes; lead: number }): Promise<void> {
  const { flow, source } = on.histories[lead] as History; // leads are numbered by their place
  const { id, sourceIds } = on.flows[flow] ?? { id: '', sourceIds: [] };
  const init = {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(valuesOf(on.histories, lead)),
  };
  for (;;) {
    const answer = await fetchFrom(house, `/flows/${id}/sources/${sourceIds[source]}/submit`, init);
    // 503: nothing of it was sent, so it is submitted again.
    if (answer === 'refused' || (answer !== 'lost' && answer.status === 503)) {
      await pause(ASK_AGAIN_MS);
      continue;
    }
    if (answer !== 'lost' && answer.status === 201) {
      const { lead: taken, outcome, price } = answer.body;
      notes.told.set(lead, { leadId: taken.id, outcome, price: price ?? 0 });
    }
    return;
  }
}

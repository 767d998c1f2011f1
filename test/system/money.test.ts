import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nameQueueSchema } from '../../src/store/postgres/schemas.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { TEST_SCHEMA } from '../harness/test-schema.ts';
import { buildFlows } from '../money/agreements.ts';
import { readFlow } from '../money/deploy.ts';
import { type History, histories } from '../money/history.ts';
import { type Books, judgeMoney } from '../money/judge.ts';
import { openPeers } from '../money/peers.ts';
import {
  askAgain,
  forEach,
  giveFeedback,
  openNotes,
  type Play,
  type PlayedFlow,
  settleDeliveries,
  settleFeedback,
  valuesOf,
} from '../money/play.ts';

let server: ComposedServer;
let flows: PlayedFlow[];
beforeAll(async () => {
  server = await startTestServer();
  const { body } = await server.api('POST', '/pricing_services', {
    name: 'Rates',
    url: `${server.recipient.url}price`,
    variables: ['lead.first_name'],
  });
  flows = await Promise.all(
    buildFlows({ url: server.recipient.url, serviceId: body.id }).map(async (flow, index) =>
      readFlow(await server.deploy(flow), index),
    ),
  );
});
afterAll(() => server.stop());

function openPlay(played: readonly History[]): Play {
  const peers = openPeers((lead) => played[lead]);
  server.recipient.answerWith((delivery) => peers.answer(delivery));
  return {
    flows,
    histories: played,
    peers,
    ask: (method, path, body) => server.api(method, path, body),
    query: server.query,
    runDuty: async () => void (await server.query(`select ${nameQueueSchema(TEST_SCHEMA)}.add_job('feedback')`)),
  };
}

async function live(play: Play): Promise<{ books: Books; faults: string[] }> {
  const notes = openNotes();
  await forEach([...play.histories.keys()], async (lead) => {
    const { flow, source } = play.histories[lead] as History;
    const { id = '', sourceIds = [] } = flows[flow] ?? {};
    const target = { id, sources: sourceIds.map((each) => ({ entity: { id: each } })) };
    const { body } = await server.submit(target, valuesOf(play.histories, lead), { source });
    notes.told.set(lead, { leadId: body.lead.id, outcome: body.outcome, price: body.price });
  });
  await giveFeedback(play, notes, { isEarly: true });
  await settleDeliveries(play, notes);
  await giveFeedback(play, notes, { isEarly: false });
  await settleFeedback(play);
  await askAgain(play, notes);
  return judgeMoney(play, notes);
}

/** Nothing of one run is left to the next. */
const EMPTY =
  'truncate leads, lead_data, events, digests, retries, unknowns, lead_holds, feedback, money_entries, cap_windows, list_items';

describe('what leads cost and earn', () => {
  it('is what senders, recipients, the pricing service and the source wrote down, to the last ten-thousandth', async () => {
    let sum = { sales: 0, returns: 0, conversions: 0, deliveries: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(histories, { minLength: 50, maxLength: 60, size: 'max' }), async (played) => {
        const { books, faults } = await live(openPlay(played));
        expect(faults).toEqual([]);
        sum = {
          sales: sum.sales + books.sales,
          returns: sum.returns + books.returns,
          conversions: sum.conversions + books.conversions,
          deliveries: sum.deliveries + books.deliveries,
        };
        await server.query(EMPTY);
      }),
      { numRuns: 2, seed: 20_261_127, endOnFailure: true },
    );
    for (const count of Object.values(sum)) expect(count).toBeGreaterThan(10);
  });
});

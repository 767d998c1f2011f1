import { describe, expect, it } from 'vitest';
import type { AskPrice, PriceAnswer, PriceQuestion } from '../credentials/ask-price.ts';
import type { LivePricingService } from '../model/pricing.ts';
import { QUESTIONS_MAX } from './ask-for-price.ts';
import { startRun } from './lead-run.ts';
import { pricing } from './phases/pricing.ts';
import type { ListVerdict } from './run-store.ts';
import { openTestPorts, runTestLead, type TestLead } from './testing/run-test-lead.ts';
import { compileTestFlow, deliveryTo, FLOW_ID, SOURCE_ID, testFlow, testSource, when } from './testing/test-flow.ts';

const RATES: LivePricingService = {
  id: '67c59a40cccccccccccccccc',
  name: 'Rates',
  url: 'https://prices.example.com/',
  variables: ['lead.state', 'lead.phone_1.area', 'lead.ssn', 'lead.email', 'suppressionlist.is_duplicate'],
  credentialId: null,
  secret: 'whsec_x',
};
const NAMED = { service_id: RATES.id, fallback_price: 3 };
const PRICED: PriceAnswer = { kind: 'priced', amount: 45_000 as never, reason: 'Texas' };
const VALUES = { state: 'TX', phone_1: '512-789-1111', ssn: '219-09-9999' };

function asking(answers: readonly PriceAnswer[] = [PRICED]): { askPrice: AskPrice; asked: PriceQuestion[] } {
  const asked: PriceQuestion[] = [];
  const askPrice: AskPrice = async (_service, question) => {
    const answer = answers[asked.length] ?? answers.at(-1);
    asked.push(question);
    return { answer: answer ?? PRICED, response: null };
  };
  return { askPrice, asked };
}

async function priced(lead: TestLead, answers?: readonly PriceAnswer[]) {
  const { askPrice, asked } = asking(answers);
  const end = await runTestLead({
    pricingServices: [RATES],
    values: VALUES,
    ...lead,
    deps: { askPrice, ...lead.deps },
  });
  return { ...end, asked, source: end.events.at(-1)?.['facts'] as Record<string, unknown> };
}

describe('a flow with a pricing service', () => {
  const flow = testFlow({ pricing_service: NAMED, pricing: { prices: [{ amount: 9 }] } });

  it('gets its price, and the event has the question with who answered', async () => {
    const { body, source, document, asked } = await priced({ flow });
    expect(body).toMatchObject({ outcome: 'success', price: 4.5 });
    expect(source).toMatchObject({
      purchase_price: 4.5,
      asked_prices: [{ service_id: RATES.id, level: 'flow', by: 'service', price: 4.5, ms: 0, fault: null }],
    });
    expect(source).not.toHaveProperty('warnings');
    expect(document.price).toEqual({
      offered: 4.5,
      winner: { level: 'flow', by: 'service', path: 'pricing_service' },
      also_matched: [],
      reason: 'Texas',
    });
    expect(asked).toHaveLength(1);
    expect(asked[0]?.timeoutMs).toBe(2_000);
  });

  it('sends the variables of the service and no others; masked values are asterisks', async () => {
    const { asked, run } = await priced({ flow });
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
      type: 'price.requested',
      timestamp: '2025-03-03T12:00:00.000Z',
      data: {
        lead_id: run.leadId,
        flow: { id: FLOW_ID, name: 'Solar leads' },
        source: { id: SOURCE_ID, name: expect.any(String) },
        variables: {
          'lead.state': 'TX',
          'lead.phone_1.area': '512',
          'lead.ssn': expect.stringMatching(/^\*+$/),
          'lead.email': null,
          'suppressionlist.is_duplicate': null,
        },
      },
    });
    expect(asked[0]?.body).not.toMatch(/219|9999/);
  });

  it('gets the fallback price and a warning with the reason where the service gives none', async () => {
    const { body, source, document } = await priced({ flow }, [{ kind: 'failed', fault: 'answered status 500' }]);
    expect(body).toMatchObject({ outcome: 'success', price: 3 });
    expect(source).toMatchObject({
      asked_prices: [{ by: 'fallback', price: null, fault: 'answered status 500' }],
      warnings: ['The pricing service "Rates" answered status 500: its fallback price of 3 stands.'],
    });
    expect(document.price.winner).toMatchObject({ by: 'fallback' });
    expect(document.price).not.toHaveProperty('reason');
  });

  it.each<[string, TestLead, string]>([
    ['that does not exist', { flow, pricingServices: [] }, 'does not exist'],
    ['that nothing may be sent to', { flow, deps: { askPrice: undefined } }, 'is not asked in a simulation'],
    [
      'when the source has no time left',
      { flow: testFlow({ pricing_service: NAMED, sources: [testSource({ deadline_seconds: 1 })] }), ...late(880) },
      'was not asked: the time limit of the source is used up',
    ],
  ])('does not ask one %s', async (_name, lead, fault) => {
    const { body, source, asked } = await priced(lead);
    expect([body.price, asked.length]).toEqual([3, 0]);
    expect(source).toMatchObject({ asked_prices: [{ by: 'fallback', ms: 0, fault }] });
  });

  it('gives the service no more time than the deadline of the source leaves', async () => {
    const short = testFlow({ pricing_service: NAMED, sources: [testSource({ deadline_seconds: 1 })] });
    const { asked } = await priced({ flow: short, ...late(300) });
    expect(asked[0]?.timeoutMs).toBe(600);
  });

  it('shows rules the price of the service', async () => {
    const acceptance_criteria = { rule_set: when('price', 'is less than', '4'), reason: 'Asks {{price}}' };
    const { body } = await priced({ flow: testFlow({ pricing_service: NAMED, acceptance_criteria }) });
    expect(body).toMatchObject({ outcome: 'failure', reason: 'Asks 4.5', price: 0 });
  });

  it('does not store what the service says of a masked value', async () => {
    const { document } = await priced({ flow }, [{ ...PRICED, reason: 'for 219-09-9999' }]);
    expect(document.price.reason).not.toContain('219');
  });
});

describe('a source with a pricing service', () => {
  it('asks it where the flow has no price, and not where it has one', async () => {
    const sources = [testSource({ pricing_service: NAMED })];
    const without = await priced({ flow: testFlow({ sources }) });
    expect(without.body.price).toBe(4.5);
    expect(without.source).toMatchObject({ asked_prices: [{ level: 'source' }] });
    const owned = await priced({ flow: testFlow({ sources, pricing: { prices: [{ amount: 9 }] } }) });
    expect([owned.body.price, owned.asked.length]).toEqual([9, 0]);
    expect(owned.source).not.toHaveProperty('asked_prices');
  });
});

describe('a lead that decides again', () => {
  const HELD: ListVerdict = { found: true, because: 'held', addedAt: null, by: { leadId: 'first', isRetried: false } };
  const flow = testFlow({
    list_checks: { duplicate: { value: '{{lead.email}}', list_name: 'People' } },
    pricing_service: NAMED,
    steps: [deliveryTo('First')],
  });
  const lead: TestLead = { flow, values: { email: 'ann@example.com' }, store: { changed: [{ lists: [HELD] }] } };
  const failing: PriceAnswer = { kind: 'failed', fault: 'answered status 500' };

  it('asks once while the question is the same, and has one warning', async () => {
    const pricingServices = [{ ...RATES, variables: ['lead.email'] }];
    const { asked, source, store } = await priced({ ...lead, pricingServices }, [failing]);
    expect([store.claims.length, asked.length]).toEqual([2, 1]);
    expect(source['asked_prices']).toHaveLength(1);
    expect(source['warnings']).toHaveLength(1);
  });

  it('asks again where what it asks has changed, and the event has both questions', async () => {
    const { asked, source, body } = await priced(lead, [failing, PRICED]);
    expect(asked.map(({ id }) => id.split('_').at(-1))).toEqual(['1', '2']);
    expect(asked.map(({ body: text }) => JSON.parse(text).data.variables['suppressionlist.is_duplicate'])).toEqual([
      false,
      true,
    ]);
    expect(source['asked_prices']).toMatchObject([{ by: 'fallback' }, { by: 'service' }]);
    expect(source).not.toHaveProperty('warnings');
    expect(body.price).toBe(4.5);
  });

  it('asks so often at most', async () => {
    const { askPrice, asked } = asking();
    const { deps } = openTestPorts({ flow, pricingServices: [RATES], deps: { askPrice } });
    const run = startRun({ ...SUBMISSION });
    const { flow: compiled } = compileTestFlow(flow, undefined, [], [RATES]);
    const source = compiled.sources.get(SOURCE_ID);
    run.route = source ? { flow: compiled, source } : null;
    for (let times = 0; times < QUESTIONS_MAX + 2; times += 1) {
      run.vars = { lead: { state: `S${times}` } };
      await pricing(run, deps);
    }
    expect(asked).toHaveLength(QUESTIONS_MAX);
    expect(run.offered.winner?.by).toBe('fallback');
  });
});

describe('a flow without a pricing service', () => {
  it('prices a lead without a promise and without a question', () => {
    const { askPrice, asked } = asking();
    const flow = testFlow({ pricing: { prices: [{ amount: 2 }] } });
    const { deps } = openTestPorts({ flow, deps: { askPrice } });
    const run = startRun({ ...SUBMISSION });
    const { flow: compiled } = compileTestFlow(flow);
    const source = compiled.sources.get(SOURCE_ID);
    run.route = source ? { flow: compiled, source } : null;
    expect(pricing(run, deps)).toEqual({ kind: 'proceed' });
    expect([asked.length, run.offered.amount]).toEqual([0, 20_000]);
  });
});

const SUBMISSION = {
  flowId: FLOW_ID,
  sourceRef: SOURCE_ID,
  request: { method: 'POST', uri: '/', version: '1.1', headers: {}, body: '', timestamp: 0 },
  ip: '192.0.2.1',
  authorization: undefined,
  arrivedAt: 0,
};

/** The lead arrived so many ms ago. */
function late(ms: number): Pick<TestLead, 'submission'> {
  return { submission: { arrivedAt: -ms } };
}

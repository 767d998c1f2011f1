import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { deliveryTo, flowOf, sourceNamed } from './flows.ts';

/** What the lead page asks: the rules of a lead as a tree, what would have changed it, and its values once they are asked for. */

const NESTED = {
  op: 'and' as const,
  rules: [
    { lhv: 'lead.email', op: 'is not blank' },
    {
      op: 'or' as const,
      rules: [
        { lhv: 'lead.state', op: 'is equal to', rhv: 'TX' },
        {
          op: 'and' as const,
          rules: [
            { lhv: 'lead.state', op: 'is equal to', rhv: 'OH' },
            { lhv: 'lead.phone_1', op: 'is blank' },
          ],
        },
      ],
    },
    { lhv: 'lead.last_name', op: 'is not blank' },
  ],
};
const PERSON = { first_name: 'Wilhelmina', email: 'wilhelmina@quux.example', phone_1: '512-555-0134', state: 'OH' };

let server: ComposedServer;
let leadId: string;

beforeAll(async () => {
  server = await startTestServer();
  const flow = await server.deploy(
    flowOf([deliveryTo(`${server.recipient.url}buy`)], {
      sources: [sourceNamed('Ads', { acceptance_criteria: { rule_set: NESTED } })],
    }),
  );
  leadId = (await server.submit(flow, PERSON)).body.lead.id;
});
afterAll(() => server.stop());

const explain = async (query = '') => (await server.api('GET', `/leads/${leadId}/explain${query}`)).body;

describe('the rules of a lead', () => {
  it('are a tree with both sides, where what came after the decision was not reached', async () => {
    const { rule_sets: trees } = await explain();
    expect(trees).toHaveLength(1);
    expect(trees[0]).toMatchObject({
      path: 'sources.0.acceptance_criteria.rule_set',
      name: 'Acceptance criteria of the source',
      is_deciding: true,
      stops_when: 'failed',
      verdict: 'failed',
    });
    const shown = trees[0].nodes.map(
      (node: { kind: string; depth: number; verdict: string; holds?: string; lhv?: string; left?: unknown }) =>
        [node.depth, node.holds ?? node.lhv, node.verdict, node.left].filter((part) => part !== undefined).join(' '),
    );
    expect(shown).toEqual([
      '0 all failed',
      '1 lead.email passed wilhelmina@quux.example',
      '1 any failed',
      '2 lead.state failed OH',
      '2 all failed',
      '3 lead.state passed OH',
      '3 lead.phone_1 failed 5125550134',
      '1 lead.last_name not reached',
    ]);
  });

  it('tell what would have changed the decision', async () => {
    expect((await explain()).would_change).toEqual([
      'A lead whose State is equal to TX passes this rule.',
      'A lead whose Phone 1 is blank passes this rule.',
    ]);
  });
});

describe('the values of a lead', () => {
  it('are left out of a lead and its explanation with values=hidden, for who may see them, too', async () => {
    const lead = (await server.api('GET', `/leads/${leadId}?values=hidden`)).body;
    const texts = [JSON.stringify(lead), JSON.stringify(await explain('?values=hidden'))];
    expect(texts.map((text) => text.match(/wilhelmina|quux|5550134|555-0134|"left":"OH"/i)?.[0])).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('are answered by a reveal, which the activity log has with the person and the lead', async () => {
    const { status, body } = await server.api('POST', `/leads/${leadId}/reveal`);
    expect(status).toBe(200);
    expect(body.lead.vars.lead.email.normal ?? body.lead.vars.lead.email).toContain('quux');
    expect(body.explanation).toEqual(await explain());
    const log = (await server.api('GET', `/activity?kind=lead&action=reveal`)).body;
    expect(log).toMatchObject([
      { kind: 'lead', action: 'reveal', subject: { id: leadId, name: null }, actor: { kind: 'key' } },
    ]);
    expect(JSON.stringify(log)).not.toMatch(/wilhelmina|quux/i);
  });

  it('are neither answered nor logged for another account or an unknown lead', async () => {
    const strange = await server.api('POST', `/leads/${leadId}/reveal`, undefined, { key: server.strangerKey });
    const unknown = await server.api('POST', `/leads/${'0'.repeat(24)}/reveal`);
    expect([strange.status, unknown.status]).toEqual([404, 404]);
    expect((await server.api('GET', '/activity?kind=lead', undefined, { key: server.strangerKey })).body).toEqual([]);
  });
});

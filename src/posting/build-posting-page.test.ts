import { describe, expect, it } from 'vitest';
import { inbound } from '../integrations/builtin/leadconduit-default/inbound.ts';
import { classic } from '../integrations/builtin/leadconduit-standard/classic.ts';
import type { InboundModule } from '../integrations/contract.ts';
import type { FlowDocument, Source } from '../model/flow.ts';
import { buildPostingPage, type PostingFacts } from './build-posting-page.ts';

const NOW = Date.UTC(2026, 10, 27, 15);

type Rule = { lhv: string; op: string; rhv?: string };
const all = (...rules: Rule[]) => ({ rule_set: { op: 'and' as const, rules } });

function sourceOf(more: Partial<Source> = {}): Source {
  return {
    id: 'src001',
    entity: { id: '5462c7fb745fb567baf2e093', name: 'Search Ads' },
    integration: { module_id: inbound.id, mappings: [] },
    ...more,
  };
}

function factsOf(
  document: Partial<FlowDocument> = {},
  source: Partial<Source> = {},
  module: InboundModule = inbound,
): PostingFacts {
  const own = sourceOf(source);
  const flow: FlowDocument = { name: 'Solar', enabled: true, fields: [], sources: [own], steps: [], ...document };
  const refusal = { status: 503, headers: { 'Content-Type': 'application/json' }, body: '{"error":"…"}' };
  return {
    flow: { id: '5462c7eb76fefd217d333552', isDeployed: true, updatedAt: NOW },
    revision: { at: NOW, document: flow, source: own, module },
    earlier: [],
    account: {
      id: '5462c7eb76fefd217d333553',
      name: 'Acme',
      timeZone: 'America/Chicago',
      dataRetentionInDays: 90,
      isPingEnabled: true,
    },
    customFields: [{ id: 'roof_acme', name: 'Roof Age', type: 'number' }],
    settings: { contact: null, shows_caps: false, shows_prices: false, hides_rules: false, allows_live_tests: false },
    now: NOW,
    origin: 'https://leads.example.com',
    pagePath: '/submission/token',
    refusals: { too_large: { ...refusal, status: 413 }, unavailable: refusal },
    recipientTimeoutMs: 30_000,
    bodyBytesMax: 1_048_576,
  };
}

const mapped = (mappings: Source['integration']['mappings']) => ({ integration: { module_id: inbound.id, mappings } });

describe('the parameters of a posting page', () => {
  const namesOf = async (facts: PostingFacts) => (await buildPostingPage(facts)).fields.map(({ name }) => name);

  it.each<[string, Source['integration']['mappings'], string[]]>([
    ['without mappings the ids of the fields', [], ['phone_1', 'first_name']],
    [
      'a mapping of one variable',
      [{ property: 'lead.phone_1', value: '{{phoneNumber}}' }],
      ['phoneNumber', 'first_name'],
    ],
    ['the prefix may be left out', [{ property: 'phone_1', value: '{{tel.home}}' }], ['tel.home', 'first_name']],
    ['a template of two', [{ property: 'lead.phone_1', value: '{{area}}{{line}}' }], ['area', 'line', 'first_name']],
    ['a value of the owner hides the field', [{ property: 'lead.phone_1', value: '5125550100' }], ['first_name']],
    [
      'the last one counts',
      [
        { property: 'lead.phone_1', value: '{{a}}' },
        { property: 'lead.phone_1', value: '{{b}}' },
      ],
      ['b', 'first_name'],
    ],
    [
      'one with rules leaves the field its own name, and its rules read a name',
      [{ property: 'lead.phone_1', value: '{{cell}}', ...all({ lhv: 'kind', op: 'is equal to', rhv: 'mobile' }) }],
      ['cell', 'phone_1', 'first_name', 'kind'],
    ],
    ['a field that the flow has not', [{ property: 'lead.email', value: '{{mail}}' }], ['phone_1', 'first_name']],
  ])('%s', async (_, mappings, names) => {
    expect(await namesOf(factsOf({ fields: ['phone_1', 'first_name'] }, mapped(mappings)))).toEqual(names);
  });

  it('have type, format, examples and a mark of what is never stored', async () => {
    const page = await buildPostingPage(factsOf({ fields: ['phone_1', 'ssn', 'roof_acme'] }));
    expect(page.fields).toMatchObject([
      { name: 'phone_1', label: 'Phone 1', type: 'Phone number', type_id: 'phone', required: 'no', is_masked: false },
      { name: 'ssn', type: 'Social security number', is_masked: true },
      { name: 'roof_acme', label: 'Roof Age', type: 'Number', examples: ['5', '$1,000.00', '-12.5'] },
    ]);
  });
});

describe('the rules of a posting page', () => {
  const fields = ['phone_1', 'state', 'dob', 'email'];
  const mappings = [{ property: 'lead.phone_1', value: '{{phoneNumber}}' }];
  const judged = (rules: Rule[], op: 'and' | 'or' = 'and', document: Partial<FlowDocument> = {}) =>
    buildPostingPage(
      factsOf({ fields, acceptance_criteria: { rule_set: { op, rules } }, ...document }, mapped(mappings)),
    );

  it.each<[Rule, string]>([
    [{ lhv: 'lead.phone_1', op: 'is not blank' }, 'phoneNumber must not be blank.'],
    [{ lhv: 'lead.phone_1.area', op: 'is equal to', rhv: '512' }, 'phoneNumber (area) must be equal to 512.'],
    [{ lhv: '{{lead.state}}', op: 'is included in', rhv: 'TX, CA' }, 'state must be one of TX, CA.'],
    [{ lhv: 'lead.dob.age', op: 'is greater than', rhv: '18' }, 'dob (age) must be greater than 18.'],
    [{ lhv: 'lead.email', op: 'is not equal to', rhv: '{{lead.phone_1}}' }, 'email must not be equal to phoneNumber.'],
    [{ lhv: 'suppressionlist.is_duplicate', op: 'is false' }, 'This must hold: the lead is not a duplicate.'],
  ])('%j', async (rule, sentence) => {
    expect((await judged([rule])).rules).toMatchObject({ rules: [{ kind: 'rule', sentence }], hidden_count: 0 });
  });

  it.each<[string, Rule]>([
    ['a price', { lhv: 'price', op: 'is greater than', rhv: '5' }],
    ['what a recipient said', { lhv: 'acme_corp.outcome', op: 'is equal to', rhv: 'success' }],
    ['a field that the flow has not', { lhv: 'lead.city', op: 'is not blank' }],
    ['a right side of a recipient', { lhv: 'lead.state', op: 'is equal to', rhv: '{{acme_corp.state}}' }],
  ])('counts and hides a rule about %s', async (_, rule) => {
    const page = await judged([rule, { lhv: 'lead.state', op: 'is not blank' }]);
    expect(page.rules).toMatchObject({ rules: [{ sentence: 'state must not be blank.' }], hidden_count: 1 });
    expect(JSON.stringify(page)).not.toMatch(/acme_corp|lead\.state/);
  });

  it('says what must hold where a filter stops what matches', async () => {
    const rules = {
      op: 'or' as const,
      rules: [
        { lhv: 'lead.state', op: 'is equal to', rhv: 'CA' },
        { lhv: 'lead.email', op: 'is blank' },
      ],
    };
    const page = await judged([], 'and', {
      steps: [
        { type: 'filter', rule_set: rules },
        { type: 'recipient', entity: { name: 'Buyer' }, integration: { module_id: 'x', mappings: [] } },
        { type: 'filter', rule_set: { op: 'and', rules: [{ lhv: 'lead.dob', op: 'is blank' }] } },
      ],
    });
    expect(page.rules.rules).toMatchObject([
      { sentence: 'state must not be equal to CA.' },
      { sentence: 'email must not be blank.' },
    ]);
    expect(page.fields.map(({ name, required }) => [name, required])).toEqual([
      ['phoneNumber', 'no'],
      ['state', 'no'],
      ['dob', 'no'],
      ['email', 'yes'],
    ]);
  });

  it('a choice makes parameters required when', async () => {
    const page = await judged(
      [
        { lhv: 'lead.phone_1', op: 'is not blank' },
        { lhv: 'lead.email', op: 'format is valid' },
      ],
      'or',
    );
    expect(page.fields.find(({ name }) => name === 'email')).toMatchObject({
      required: 'when',
      required_when: 'Required unless one of these holds: phoneNumber must not be blank.',
    });
    expect(page.rules.rules).toMatchObject([{ kind: 'any', rules: [{}, {}] }]);
  });

  it('lists the values that pass, and the sample has one of them', async () => {
    const page = await judged([{ lhv: 'lead.state', op: 'is included in', rhv: 'CA, NY' }]);
    const state = page.fields.find(({ name }) => name === 'state');
    expect(state).toMatchObject({ required: 'yes', allowed_values: ['CA', 'NY'], allowed_count: 2 });
    expect(page.sample.values).toContainEqual({ name: 'state', value: 'CA' });
  });

  it('hidden rules are counted and nothing quotes them, but what is required stays', async () => {
    const facts = factsOf({
      fields,
      acceptance_criteria: all({ lhv: 'lead.state', op: 'is included in', rhv: 'CA, NY' }),
    });
    const page = await buildPostingPage({ ...facts, settings: { ...facts.settings, hides_rules: true } });
    expect(page.rules).toEqual({ rules: [], hidden_count: 1 });
    expect(page.fields.find(({ name }) => name === 'state')).toMatchObject({ required: 'yes', allowed_values: null });
    expect(JSON.stringify(page)).not.toContain('NY');
  });
});

describe('the answers of a posting page', () => {
  it('are those of the module, in each of its formats', async () => {
    const { responses, response_members: members } = await buildPostingPage(factsOf({ fields: ['email'] }));
    const success = responses.find(({ kind }) => kind === 'success');
    expect(success).toMatchObject({
      status: 201,
      bodies: [
        { format: 'json', body: '{"outcome":"success","lead":{"id":"5f0c1e2d3a4b5c6d7e8f9a0b"},"price":0}' },
        { format: 'xml', body: expect.stringContaining('<outcome>success</outcome>') },
      ],
    });
    expect(members.map(({ name, is_always_there: always }) => [name, always])).toEqual([
      ['outcome', true],
      ['lead.id', true],
      ['price', true],
      ['reason', false],
    ]);
    expect(responses.map(({ kind, status }) => [kind, status])).toEqual([
      ['success', 201],
      ['failure', 201],
      ['error', 201],
      ['redirect', 303],
      ['malformed', 400],
      ['disabled', 403],
      ['not_found', 404],
      ['method', 405],
      ['media_type', 415],
      ['not_acceptable', 406],
      ['too_large', 413],
      ['unavailable', 503],
    ]);
  });

  it('of the classic module are its one document', async () => {
    const integration = { module_id: classic.id, mappings: [] };
    const page = await buildPostingPage(factsOf({ fields: ['email'] }, { integration }, classic));
    expect(page.responses[0]?.bodies.map(({ format }) => format)).toEqual(['xml']);
    expect(page.response_members.map(({ name }) => name)).toEqual(['result', 'leadId', 'url', 'price', 'reason']);
  });
});

it('names what changed for vendors since earlier revisions', async () => {
  const facts = factsOf({
    fields: ['email', 'state'],
    acceptance_criteria: all({ lhv: 'lead.email', op: 'is not blank' }),
  });
  const before = factsOf({ fields: ['email', 'city'] }).revision;
  const page = await buildPostingPage({ ...facts, earlier: [{ ...before, at: NOW - 86_400_000 }] });
  expect(page.changes.map(({ kind, sentence }) => [kind, sentence])).toEqual([
    ['changed', 'The parameter "email" is required now.'],
    ['added', 'The parameter "state" was added.'],
    ['removed', 'The parameter "city" was removed; it is ignored.'],
    ['added', 'A rule was added: email must not be blank.'],
  ]);
});

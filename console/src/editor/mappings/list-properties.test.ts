import { describe, expect, it } from 'vitest';
import { buildPreview } from './build-preview.ts';
import { addMapping, duplicateMapping, moveMapping, readValue, takeOut } from './edit-mappings.ts';
import { listAddable, listProperties } from './list-properties.ts';

const variable = (name: string, more: object = {}) => ({
  name,
  type: 'string',
  description: null,
  required: false,
  ...more,
});
const module = {
  request_variables: [
    variable('credential_id', { required: true }),
    variable('method', { required: true, default: 'POST' }),
    variable('url', { required: true, description: 'URL to deliver to' }),
    variable('lead.email', { required: true }),
    variable('header.*', { description: 'HTTP header' }),
    variable('json_property.*'),
  ],
} as never;
const map = (property: string, value = 'x') => ({ property, value });
const listNames = (mappings: ReturnType<typeof map>[], hasCredential = false) =>
  listProperties({ module, mappings, hasCredential }).map(({ name, isMissing }) => (isMissing ? `${name}!` : name));

describe('properties of a module', () => {
  it('are those that must be filled, then those that are, in the order of the module', () => {
    expect(listNames([])).toEqual(['credential_id!', 'url!']);
    expect(listNames([map('json_property.a'), map('method'), map('own'), map('url'), map('header.X')], true)).toEqual([
      ...['method', 'url', 'header.X', 'json_property.a', 'own'],
    ]);
  });

  it('with several mappings are one', () => {
    const mappings = [map('url'), map('header.A'), map('url')];
    expect(listProperties({ module, mappings, hasCredential: true })[0]).toMatchObject({ name: 'url', places: [0, 2] });
  });

  it('are added by a part of the name or of the help; an open group takes the rest of the name', () => {
    const add = (query: string) =>
      listAddable({ module, mappings: [map('method')], hasCredential: true }, query).map(({ name, isOpen }) => [
        name,
        isOpen,
      ]);
    expect(add('deliver')).toEqual([['url', false]]);
    expect(add('header')).toEqual([['header.', true]]);
    expect(add('header.X-Key')).toEqual([['header.X-Key', false]]);
    expect(add('').map(([name]) => name)).toEqual(['url', 'lead.email', 'header.', 'json_property.']);
  });
});

describe('mappings', () => {
  const mappings = [{ id: 'a', ...map('url', '1') }, map('header.A'), map('url', '2')];

  it('of one property stay together in their order', () => {
    expect(addMapping(mappings, 'url').map(({ property, value }) => `${property}=${value}`)).toEqual([
      ...['url=1', 'header.A=x', 'url=2', 'url='],
    ]);
    expect(moveMapping(mappings, 0, 'down')?.map(({ value }) => value)).toEqual(['2', 'x', '1']);
    expect(moveMapping(mappings, 0, 'up')).toBeUndefined();
    expect(duplicateMapping(mappings, 0)[1]).toEqual(map('url', '1'));
  });

  it('keep the type of their value while it reads as one', () => {
    expect([readValue('5', 4), readValue('5.', 4), readValue('true', false), readValue('5', '4')]).toEqual([
      ...[5, '5.', true, '5'],
    ]);
  });

  it('give their secret away and keep the scheme', () => {
    expect(takeOut('Bearer abc')).toEqual({ value: 'Bearer {{credential.key}}', secret: 'abc' });
    expect(takeOut(' abc ')).toEqual({ value: '{{credential.key}}', secret: 'abc' });
  });
});

describe('the flow of a preview', () => {
  const recipient = (name: string, more = {}) => ({
    type: 'recipient',
    ...{
      entity: { name },
      integration: { module_id: 'm', mappings: [] },
      rule_set: { op: 'and', rules: [] },
      caps: [],
    },
    ...more,
  });
  const document = {
    ...{ name: 'F', enabled: false, fields: ['email'], caps: [{}], acceptance_criteria: { rule_set: {} } },
    sources: [
      { id: 'src', entity: { id: 's1' }, integration: { module_id: 'in', mappings: [map('email')] }, pricing: {} },
    ],
    steps: [
      recipient('First'),
      { type: 'filter', rule_set: { op: 'and', rules: [] } },
      { type: 'distribution', method: 'waterfall', recipients: [recipient('A'), recipient('B', { weight: 2 })] },
    ],
  } as never;
  const integration = { module_id: 'm2', mappings: [] };

  it('has what comes before, and nothing that keeps a lead away', () => {
    const preview = buildPreview(document, 'steps.2.recipients.1.integration', integration);
    expect(preview).toMatchObject({ source: 's1', key: 'b', flow: { enabled: true } });
    const flow = 'flow' in preview ? preview.flow : undefined;
    expect(flow?.steps).toEqual([
      { type: 'recipient', entity: { name: 'First' }, integration: { module_id: 'm', mappings: [] } },
      { type: 'recipient', entity: { name: 'B' }, integration },
    ]);
    expect(JSON.stringify(flow)).not.toMatch(/caps|rule_set|pricing|weight/);
  });

  it('is of feedback to a source, too, and of a source itself there is none', () => {
    expect(buildPreview(document, 'sources.0.feedback.integration', integration)).toHaveProperty('flow');
    expect(buildPreview(document, 'sources.0.integration', integration)).toHaveProperty('reason');
  });
});

import { expect, it } from 'vitest';
import { buildMappings } from './build-mappings.ts';

const variable = (name: string, more: object = {}) => ({
  ...{ name, type: 'string', description: null, required: false },
  ...more,
});

it('is a step with the examples of the required properties', () => {
  const variables = [
    variable('url', { required: true, examples: ['https://crm.example.com'] }),
    variable('method', { default: 'POST' }),
    variable('header.*', { type: 'wildcard' }),
  ];
  expect(JSON.parse(buildMappings({ id: 'a.outbound', type: 'outbound', request_variables: variables }) ?? '')).toEqual(
    {
      type: 'recipient',
      integration: { module_id: 'a.outbound', mappings: [{ property: 'url', value: 'https://crm.example.com' }] },
    },
  );
});

it('is nothing for a module that takes leads', () => {
  expect(buildMappings({ id: 'a.inbound', type: 'inbound', request_variables: [] })).toBeNull();
});

import { expect, it } from 'vitest';
import { createBodyReader } from '../read-body.ts';
import { ACTIONS_MAX, GIVEN_DESTINATION } from './destinations.ts';

const URL_OF_HOOK = 'https://hooks.example.com/leads';
const action = { name: 'Add lead', action_id: 'add', webhook_url: URL_OF_HOOK };
const read = createBodyReader(GIVEN_DESTINATION);
const long = 'x'.repeat(1_000_000);

it('an answer of ours can be sent back', () => {
  const answered = {
    instance_id: 'f'.repeat(24),
    name: 'CRM',
    integration_name: 'Webhook',
    integration_icon_url: '',
    actions: [action],
    flow_usages: { count: 1 },
    secret: 'x',
  };
  expect(read(answered)).toEqual({ ok: true, value: answered });
});

it.each([
  ['no object', [], ['']],
  ['an unknown name', { name: 'CRM', actions: [action], colour: 1 }, ['colour']],
  [
    'an unknown name of the prototype',
    JSON.parse(`{"name":"CRM","actions":[],"__proto__":1}`),
    ['actions', '__proto__'],
  ],
  ['an unknown name of an action', { name: 'CRM', actions: [{ ...action, url: 'x' }] }, ['actions.0.url']],
  ['a long name', { name: long, actions: [action] }, ['name']],
  ['a blank name', { name: ' ', actions: [action] }, ['name']],
  ['a long integration name', { name: 'CRM', integration_name: long, actions: [action] }, ['integration_name']],
  [
    'a long icon',
    { name: 'CRM', integration_icon_url: `https://a/${long}`, actions: [action] },
    ['integration_icon_url'],
  ],
  ['no actions', { name: 'CRM', actions: [] }, ['actions']],
  ['too many actions', { name: 'CRM', actions: Array(ACTIONS_MAX + 1).fill(action) }, ['actions']],
  ['an id that is no name', { name: 'CRM', actions: [{ ...action, action_id: 'a.b' }] }, ['actions.0.action_id']],
  ['a long URL', { name: 'CRM', actions: [{ ...action, webhook_url: URL_OF_HOOK + long }] }, ['actions.0.webhook_url']],
  ['an action that is no object', { name: 'CRM', actions: [null] }, ['actions.0']],
])('%s is 422 with its place', (_, body, paths) => {
  const result = read(body);
  expect(result.ok ? [] : result.error.details?.map(({ path }) => path)).toEqual(paths);
});

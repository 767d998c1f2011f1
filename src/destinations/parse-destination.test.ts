import { expect, it } from 'vitest';
import { ACTIONS_MAX, parseDestination } from './parse-destination.ts';

const INSTANCE_ID = '67c59a40aaaaaaaaaaaaaaaa';
const URL_OF_HOOK = 'https://hooks.example.com/leads';
const action = { name: 'Add lead', action_id: 'add', webhook_url: URL_OF_HOOK };
const options = {
  instanceId: INSTANCE_ID,
  ids: { next: () => INSTANCE_ID, short: () => 'abc123' },
  urlProblem: (url: string) => (url.startsWith('https://') ? undefined : 'URL must be public'),
};
const parse = (body: unknown) => parseDestination(body, options);

it('takes what an answer of ours says, and gives what is left out', () => {
  const told = {
    instance_id: 'f'.repeat(24),
    name: ' CRM ',
    actions: [action],
    flow_usages: { count: 1 },
    secret: 'x',
  };
  const { action_id: _, ...unnamed } = action;
  expect(parse({ ...told, integration_icon_url: null, actions: [action, unnamed] })).toEqual({
    ok: true,
    value: {
      instance_id: INSTANCE_ID,
      name: 'CRM',
      integration_name: 'Webhook',
      integration_icon_url: '',
      actions: [action, { ...action, action_id: 'abc123' }],
    },
  });
});

const long = 'x'.repeat(1_000_000);

it.each([
  ['no object', [], ['']],
  ['an unknown name', { name: 'CRM', actions: [action], colour: 1 }, ['colour']],
  [
    'an unknown name of the prototype',
    JSON.parse(`{"name":"CRM","actions":[],"__proto__":1}`),
    ['__proto__', 'actions'],
  ],
  ['a long name', { name: long, actions: [action] }, ['name']],
  ['a blank name', { name: ' ', actions: [action] }, ['name']],
  ['a long integration name', { name: 'CRM', integration_name: long, actions: [action] }, ['integration_name']],
  ['an icon that is no URL', { name: 'CRM', integration_icon_url: 'x', actions: [action] }, ['integration_icon_url']],
  [
    'a long icon',
    { name: 'CRM', integration_icon_url: `https://a/${long}`, actions: [action] },
    ['integration_icon_url'],
  ],
  ['too many actions', { name: 'CRM', actions: Array(ACTIONS_MAX + 1).fill(action) }, ['actions']],
  ['two actions of one id', { name: 'CRM', actions: [action, action] }, ['actions.1.action_id']],
  ['an id that is no name', { name: 'CRM', actions: [{ ...action, action_id: 'a.b' }] }, ['actions.0.action_id']],
  [
    'a private URL',
    { name: 'CRM', actions: [{ ...action, webhook_url: 'http://10.0.0.1/' }] },
    ['actions.0.webhook_url'],
  ],
  [
    'a template',
    { name: 'CRM', actions: [{ ...action, webhook_url: `${URL_OF_HOOK}?{{lead.email}}` }] },
    ['actions.0.webhook_url'],
  ],
  ['a long URL', { name: 'CRM', actions: [{ ...action, webhook_url: URL_OF_HOOK + long }] }, ['actions.0.webhook_url']],
  [
    'an action that is no object',
    { name: 'CRM', actions: [null] },
    ['actions.0', 'actions.0.name', 'actions.0.webhook_url'],
  ],
])('%s is told by its place', (_, body, paths) => {
  const parsed = parse(body);
  expect(parsed.ok ? [] : parsed.error.map(({ path }) => path)).toEqual(paths);
});

import { expect, it } from 'vitest';
import { completeDestination, type GivenDestination } from './complete-destination.ts';

const INSTANCE_ID = '67c59a40aaaaaaaaaaaaaaaa';
const URL_OF_HOOK = 'https://hooks.example.com/leads';
const action = { name: 'Add lead', action_id: 'add', webhook_url: URL_OF_HOOK };
const options = {
  instanceId: INSTANCE_ID,
  ids: { short: () => 'abc123' },
  urlProblem: (url: string) => (url.startsWith('https://') ? undefined : 'URL must be public'),
};
const complete = (given: GivenDestination) => completeDestination(given, options);

it('gives what is left out', () => {
  const { action_id: _, ...unnamed } = action;
  expect(complete({ name: ' CRM ', actions: [action, unnamed] })).toEqual({
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

it.each<[string, GivenDestination, string[]]>([
  ['an icon that is no URL', { name: 'CRM', integration_icon_url: 'x', actions: [action] }, ['integration_icon_url']],
  ['two actions of one id', { name: 'CRM', actions: [action, action] }, ['actions.1.action_id']],
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
])('%s is refused with its place', (_, given, paths) => {
  const completed = complete(given);
  expect(completed.ok ? [] : completed.error.map(({ path }) => path)).toEqual(paths);
});

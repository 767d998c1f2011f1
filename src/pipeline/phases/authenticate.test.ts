import { describe, expect, it } from 'vitest';
import type { GuardedSource } from '../../access/may-submit.ts';
import { runTestLead, type TestLead } from '../testing/run-test-lead.ts';
import { ACCOUNT_ID, FLOW_ID, SOURCE_ID, testFlow, testSource } from '../testing/test-flow.ts';

const UNKNOWN = '0123456789abcdef01234567';
const disabled = testFlow({ sources: [testSource({ enabled: false, authentication_required: true })] });
const KEY_ID = 'abcdefabcdefabcdefabcdef';
/** Asks for one key by its id, written in upper case. */
const named = testFlow({ sources: [testSource({ credential_id: KEY_ID.toUpperCase() })] });
const GUARDED: GuardedSource = {
  accountId: ACCOUNT_ID,
  flowId: FLOW_ID,
  sourceIds: [SOURCE_ID, 'src001'],
  credentialId: KEY_ID,
};
const guarded = testFlow({ sources: [testSource({ authentication_required: true })] });

/** Each row is refused by one reason later in the order than the row before it. */
const REFUSALS: { name: string; lead: TestLead; status: number; body: object }[] = [
  {
    name: 'a malformed flow id, before the source is looked at',
    lead: { submission: { flowId: 'x', sourceRef: 'y' } },
    status: 400,
    body: { code: 'malformed_id', error: 'The flow id in the URL must be 24 hexadecimal characters.' },
  },
  {
    name: 'a malformed source id, before the flow is looked for',
    lead: { submission: { flowId: UNKNOWN, sourceRef: 'not-an-id' } },
    status: 400,
    body: { code: 'malformed_id', error: 'The source id in the URL must be 24 hexadecimal characters.' },
  },
  {
    name: 'a flow that is not deployed',
    lead: { submission: { flowId: UNKNOWN } },
    status: 404,
    body: { code: 'not_found', error: 'There is no such flow, or it has not been deployed.' },
  },
  {
    name: 'a source the flow does not have',
    lead: { submission: { sourceRef: UNKNOWN } },
    status: 404,
    body: { code: 'not_found', error: 'The flow has no such source.' },
  },
  {
    name: 'a source named as an object’s own machinery',
    lead: { submission: { sourceRef: 'valueO' } },
    status: 404,
    body: { code: 'not_found', error: 'The flow has no such source.' },
  },
  {
    name: 'a disabled source, before its key is asked for',
    lead: { flow: disabled },
    status: 403,
    body: { message: 'Source is disabled' },
  },
  { name: 'a sender without a key', lead: { flow: guarded }, status: 401, body: { error: 'Unauthorized source' } },
  {
    name: 'a key that may not submit here',
    lead: { flow: guarded, deps: { maySubmit: async () => false } },
    status: 401,
    body: { error: 'Unauthorized source' },
  },
  {
    name: 'a sender to a source that names its key, although it does not ask for one otherwise',
    lead: { flow: named, deps: { maySubmit: async (_header, { credentialId }) => credentialId !== KEY_ID } },
    status: 401,
    body: { error: 'Unauthorized source' },
  },
];

describe('authenticate refuses silently', () => {
  it.each(REFUSALS)('$name', async ({ lead, status, body }) => {
    const { end, settled, ...seen } = await runTestLead(lead);
    expect(seen).toMatchObject({ status, body });
    expect(end).toMatchObject({ answer: { headers: { 'Content-Type': 'application/json; charset=utf-8' } } });
    expect(settled).toBeUndefined();
  });

  it('before the module looks at the body', async () => {
    expect(await runTestLead({ flow: guarded, request: { body: '{', method: 'PUT' } })).toMatchObject({ status: 401 });
  });
});

describe('authenticate lets in', () => {
  const ACCEPTED: { name: string; lead: TestLead }[] = [
    { name: 'the entity’s id', lead: {} },
    { name: 'the source’s own short id', lead: { submission: { sourceRef: 'src001' } } },
    {
      name: 'ids in upper case',
      lead: { submission: { flowId: FLOW_ID.toUpperCase(), sourceRef: SOURCE_ID.toUpperCase() } },
    },
    {
      name: 'a key that may submit to this source, by either of its ids',
      lead: {
        flow: named,
        deps: { maySubmit: async (_header, source) => JSON.stringify(source) === JSON.stringify(GUARDED) },
      },
    },
  ];

  it.each(ACCEPTED)('$name', async ({ lead }) => {
    expect(await runTestLead(lead)).toMatchObject({ status: 201, body: { outcome: 'success' } });
  });
});

describe('authenticate answers unavailable', () => {
  const GONE: { name: string; lead: TestLead }[] = [
    { name: 'while the configuration is unconfirmed', lead: { deps: { findFlow: () => ({ kind: 'stale' }) } } },
    {
      name: 'when the key cannot be looked up',
      lead: { flow: guarded, deps: { maySubmit: () => Promise.reject(new Error('no database')) } },
    },
  ];

  it.each(GONE)('$name', async ({ lead }) => {
    const { end, settled } = await runTestLead(lead);
    expect(end.kind).toBe('unavailable');
    expect(settled).toBeUndefined();
  });
});

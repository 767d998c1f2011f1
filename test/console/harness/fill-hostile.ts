import type { Flow } from '../../../client/src/client.ts';
import type { FlowDocument } from '../../../src/model/flow.ts';
import type { ComposedServer } from '../../harness/server.ts';
import { until } from '../../harness/until.ts';
import { deliveryTo, flowOf, sourceNamed, when } from '../../system/flows.ts';
import type { Demo } from '../demo/start-demo.ts';
import { PASSWORD } from './sign-in.ts';

/**
 * What ends an attribute, a title, a script and a style, and runs wherever a page takes it for markup: as an image, an svg, or a
 * template that is filled in twice.
 */
export const HOSTILE = `'"></title></style></script><img src=x onerror=alert(1)><svg/onload=alert(2)>`;

/** What of a `Demo` its screens ask for. */
export type HostileDemo = Omit<Demo, 'url' | 'email' | 'client' | 'stop'>;

/** An account whose every name, value, reason and note is `HOSTILE`. */
export async function fillHostile(server: ComposedServer): Promise<HostileDemo> {
  const { client, recipient } = server;
  recipient.answerWith(({ path }) => {
    if (path === '/fails') return { status: 500, body: HOSTILE };
    const outcome = path === '/refuses' ? 'failure' : 'success';
    return { headers: { 'x-hostile': 'yes' }, body: { outcome, reason: HOSTILE, price: 12.5, said: HOSTILE } };
  });
  await client.changeAccount({ time_zone: 'America/Chicago', name: HOSTILE });
  const list = await client.createList({ name: HOSTILE, type: 'text' });
  await client.addListItems(list.id, { values: [HOSTILE] });
  await client.createField({ id: 'hostile_acme', name: HOSTILE, type: 'string', description: HOSTILE });
  await client.createEntity({
    ...{ name: HOSTILE, description: HOSTILE, module_ids: [], source: 'form', recipient: 'buyer' },
    website: `https://example.com/${HOSTILE}`,
  });
  const service = await client.createPricingService({ name: HOSTILE, url: recipient.url, variables: ['lead.state'] });
  const { id: credentialId } = await client.createCredential({
    ...{ name: HOSTILE, type: 'sftp', host: 'sftp.example.com', port: 22 },
    ...{ host_key: `SHA256:${'A'.repeat(43)}`, username: HOSTILE, password: PASSWORD },
  });
  const { id: batchId } = await client.createBatch({
    ...{ name: HOSTILE, columns: [{ name: 'email', header: HOSTILE }, { name: 'state' }] },
    schedule: { type: 'manual' },
    target: { type: 'sftp', credential_id: credentialId, path: '/in' },
  });
  await client.inviteUser({ email: 'late@example.com', role: 'vendor', first_name: HOSTILE, last_name: HOSTILE });
  await client.createApiKey({ name: HOSTILE, role: 'vendor' });
  await client.createWebhook({ name: HOSTILE, url: recipient.url });
  await client.createView({ name: HOSTILE.slice(0, 80), section: 'leads', query: { outcome: 'failure' } });
  await client.createDestination({ name: HOSTILE, actions: [{ name: HOSTILE, webhook_url: recipient.url }] });
  const { id: reportId } = await client.copyReport('stats-by-source', { name: HOSTILE });
  await client.createHold({ email: 'kept@example.com', note: HOSTILE });

  const flow = await deployHostile(server, service.id);
  const sourceId = flow.sources[0]?.entity.id ?? '';
  const values = Object.fromEntries(
    ['first_name', 'last_name', 'email', 'phone_1', 'state', 'hostile_acme', 'comments'].map((name) => [name, HOSTILE]),
  );
  const idOf = async (given: object) => (await server.submit(flow, { ...values, ...given })).body.lead.id as string;
  const leads = {
    success: await idOf({}),
    failure: await idOf({ reference: HOSTILE, [HOSTILE]: HOSTILE, state: 'NY' }),
    error: await idOf({}),
  };
  const { steps } = (await client.readFlow(flow.id)) as unknown as FlowDocument; // one of the two types is generated
  const sold = steps.find((step) => step.type === 'recipient');
  const recipientId = sold?.entity?.id ?? '';
  await client.sendFeedback(leads.success, { type: 'return', recipient_id: recipientId, reason: HOSTILE });
  await changeHostile(server, { flowId: flow.id, sourceId });
  const { url } = await client.createPostingLink(flow.id, sourceId, { shows_caps: true });
  const imported = await client.importLeadFile(
    new TextEncoder().encode(`"${HOSTILE.replaceAll('"', '""')}",email\n"${HOSTILE.replaceAll('"', '""')}",none\n`),
    { flow_id: flow.id, source_id: sourceId, start: true },
  );
  if (!('job' in imported)) throw new Error('the import did not start');
  await until('a problem is found', async () => (await client.listProblems()).problems.length > 0);
  const [problem] = (await client.listProblems()).problems;
  return {
    ...{ leads, flowId: flow.id, sourceId, recipientId, credentialId, batchId, reportId },
    ...{ listId: list.id, jobId: imported.job.id, problemId: problem?.id ?? '' },
    postingPath: new URL(url ?? '').pathname,
    sharedPath: `/reports/shared/${(await client.shareReport(reportId, {})).token}`,
  };
}

/** An owner whose names are `HOSTILE`; returns the address. */
export async function addHostilePerson({ client }: ComposedServer): Promise<string> {
  const email = 'olivia@example.com';
  const { invitation } = await client.inviteUser({ email, role: 'owner' });
  const token = invitation.url.split('#')[1] ?? '';
  await client.acceptInvitation({ token, password: PASSWORD, first_name: HOSTILE, last_name: HOSTILE });
  return email;
}

/** Three deliveries: one is bought, one is refused and one fails. */
function deployHostile({ deploy, recipient }: ComposedServer, serviceId: string) {
  const named = {
    ...{ entity: { name: HOSTILE }, description: HOSTILE, retry_enabled: true },
    feedback: { returns: { enabled: true, reasons: [HOSTILE] } },
  };
  const said = { 'json_property.said': HOSTILE, [`json_property.${HOSTILE.replaceAll('.', '')}`]: HOSTILE };
  const rule = when('lead.state', 'is not equal to', HOSTILE.slice(1));
  return deploy(
    flowOf(
      [
        deliveryTo(
          recipient.url,
          { ...named, pricing: { override: true, prices: [] } },
          { price_path: 'price', ...said },
        ),
        deliveryTo(`${recipient.url}refuses`, { ...named, entity: { name: `${HOSTILE} 2` }, rule_set: rule }, said),
        deliveryTo(`${recipient.url}fails`, { ...named, entity: { name: `${HOSTILE} 3` } }, said),
      ],
      {
        ...{
          name: HOSTILE,
          fields: ['first_name', 'last_name', 'email', 'phone_1', 'state', 'comments', 'hostile_acme'],
        },
        sources: [sourceNamed(HOSTILE, { pricing: { service_id: serviceId } as never })],
        acceptance_criteria: { rule_set: when('lead.state', 'is not equal to', 'NY'), reason: HOSTILE },
        caps: [{ name: HOSTILE, type: 'volume', maximum: 5, duration: 1, duration_units: 'day' }],
      },
    ),
  );
}

/** A second revision with a note, a draft, and a saved test. */
async function changeHostile(
  { client }: ComposedServer,
  { flowId, sourceId }: { flowId: string; sourceId: string },
): Promise<void> {
  const draft = async (maximum: number, version: number | null) => {
    // The document as it is saved; one of the two types is generated.
    const { revision, ...document } = (await client.readFlow(flowId)) as unknown as FlowDocument & { revision: number };
    const changed = { ...document, caps: document.caps?.map((cap) => ({ ...cap, maximum })) };
    await client.replaceDraft(flowId, { document: changed as Flow, base_revision: revision, version });
    return (await client.readDraft(flowId)).version;
  };
  await client.publishDraft(flowId, { version: await draft(8, null), note: HOSTILE });
  await draft(9, null);
  await client.createTestLead(flowId, {
    ...{ name: HOSTILE, source_id: sourceId, values: { state: HOSTILE } },
    expected: { outcome: 'success', reason: HOSTILE },
  });
}

import pg from 'pg';
import { REPLAYS_MAX } from '../../src/drafts/replay-line.ts';
import { TEST_LEADS_MAX } from '../../src/drafts/test-lead.ts';
import { EXPORTS_OPEN_MAX } from '../../src/exports/export.ts';
import { ADDRESS_MISSES } from '../../src/feedback/miss-limits.ts';
import { TEST_MAILS } from '../../src/http/handlers/mail.ts';
import { HOLDS_MAX } from '../../src/jobs/privacy-deps.ts';
import { PAGE_REQUESTS, TRIES_OF_ADDRESS } from '../../src/posting/posting-limits.ts';
import { POSTING_LINKS_MAX } from '../../src/posting/posting-link.ts';
import { REPORTS_MAX } from '../../src/reports/report.ts';
import { VIEWS_OF_ADDRESS } from '../../src/reports/shared-views.ts';
import { VIEWS_MAX } from '../../src/views/view.ts';
import { WEBHOOKS_MAX } from '../../src/webhooks/webhook.ts';
import { ask } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { sourceNamed } from '../system/flows.ts';
import { codeOf, PASSWORD } from './person.ts';
import { type Recipe, type RecipesOfRoute, recipe, type Sent } from './recipe.ts';
import { UNKNOWN_ID } from './router-recipes.ts';
import type { Flow, Session, Stage } from './stage.ts';

/** As the documents have it: nothing must be there before. */
const asIs = recipe('as it stands', () => ({}));
/** With the example of the reference as the body. */
const withExample = recipe('the example', (_stage, { doc }) => ({ body: doc.example?.body }));

/** With the id of something. */
const withId = (what: string, find: (stage: Stage) => string | Promise<string>, sent: Sent = {}): Recipe =>
  recipe(what, async (stage) => ({ params: { id: await find(stage) }, ...sent }));

const flowId = ({ flow }: Stage) => flow.id;
const newFlowId = async (stage: Stage) => (await stage.newFlow()).id;
const newUserId = async (stage: Stage) => (await stage.newUser()).id;
const newKeyId = async (stage: Stage) => (await stage.newKey({ role: 'analyst' })).id;
const newDestinationId = async (stage: Stage) => (await stage.newDestination()).instance_id;
const ENTITY = { name: 'Search Ads', module_ids: [], source: 'form', recipient: null };
const newEntityId = async (stage: Stage): Promise<string> =>
  (await stage.server.api('POST', '/entities', ENTITY)).body.id;
const listParams = async (stage: Stage): Promise<Sent> => ({ params: { list: await stage.newList() } });
const importing = async (stage: Stage): Promise<Sent> => ({
  ...(await listParams(stage)),
  text: 'ada@example.com\nbob@example.com\n',
  headers: { 'Content-Type': 'text/csv' },
});
const queryOf = (flow: Flow): string => `flow_id=${flow.id}&source_id=${flow.sources[0]?.id}`;
const importingLeads = async (stage: Stage, source: object = {}): Promise<Sent> => {
  const flow =
    Object.keys(source).length === 0 ? stage.flow : await stage.newFlow({ sources: [sourceNamed('Ads', source)] });
  return { query: queryOf(flow), text: 'email\nada@example.com\n', headers: { 'Content-Type': 'text/csv' } };
};
const FEEDBACK_FILE: Sent = {
  query: 'type=return',
  text: `${UNKNOWN_ID}\n`,
  headers: { 'Content-Type': 'text/csv' },
};
const leadId = async (stage: Stage) => (await stage.submitLead()).leadId;
const STALE = { headers: { 'If-Match': '"99"' } };

async function revokedKeyId(stage: Stage): Promise<string> {
  const { id } = await stage.newKey({ role: 'analyst' });
  await stage.server.api('DELETE', `/api_keys/${id}`);
  return id;
}

/** The only owner of the other account who can sign in. */
async function lastOwnerId(stage: Stage): Promise<Sent> {
  const key = stage.server.strangerKey;
  const { body: users } = await stage.server.api('GET', '/users', undefined, { key });
  const id = users[0]?.id ?? (await stage.newUser({ role: 'owner', key })).id;
  return { params: { id }, as: { key } };
}

/** A destination that a flow names. */
async function usedDestination(stage: Stage) {
  const destination = await stage.newDestination();
  await stage.newFlow({ destinations: [destination] });
  return destination;
}

const newCredentialId = (stage: Stage) => stage.newCredential();

/** A credential that a flow names. */
async function usedCredentialId(stage: Stage): Promise<string> {
  const id = await stage.newCredential();
  const { steps } = stage.flow;
  const [step] = steps.filter((each: { type: string }) => each.type === 'recipient');
  await stage.newFlow({ steps: [{ ...step, id: undefined, credential_id: id }] });
  return id;
}

const newBatchId = (stage: Stage) => stage.newBatch();

/** A batch that a flow names. */
async function usedBatchId(stage: Stage): Promise<string> {
  const id = await stage.newBatch();
  const { steps } = stage.flow;
  const [step] = steps.filter((each: { type: string }) => each.type === 'recipient');
  const integration = { module_id: 'sluice.outbound.batch', mappings: [{ property: 'batch_id', value: id }] };
  await stage.newFlow({ steps: [{ ...step, id: undefined, integration }] });
  return id;
}

async function deletedBatchFile(stage: Stage): Promise<Sent> {
  const params = await stage.newBatchFile();
  await stage.server.api('DELETE', `/batches/${params.id}`);
  return { params };
}

/** A flow whose events go to the recipient of the stage, which takes everything. */
async function firehoseFlowId(stage: Stage): Promise<string> {
  const { url } = stage.server.recipient;
  const key = { access_key_id: 'AKIA0000000000000000', secret_access_key: 'secret', endpoint: url };
  const { body } = await stage.server.api('POST', '/credentials', {
    name: `Bucket ${nextBucket()}`,
    type: 'aws',
    ...key,
  });
  return (await stage.newFlow({ firehose: { enabled: true, credential_id: body.id, bucket: 'leads' } })).id;
}

let buckets = 0;
function nextBucket(): number {
  buckets += 1;
  return buckets;
}

async function newExportId({ server }: Stage): Promise<string> {
  return (await server.api('POST', '/exports', { start: '2026-01-01' })).body.id;
}

/** Of the other account. */
async function openExports({ server, newId }: Stage): Promise<Sent> {
  for (let n = 0; n < EXPORTS_OPEN_MAX; n += 1) {
    // Paused: the queue ends jobs that wait for their turn and are not in it.
    await server.query(
      `insert into jobs (account_id, id, kind, state, asked_by, input, created_at, updated_at)
       select id, $1, 'export', 'paused', '{"kind":"key","id":"k","name":"Ann"}', '{}', now(), now()
         from accounts where name = 'Stranger'`,
      [newId()],
    );
  }
  return { body: { start: '2026-01-01' }, as: { key: server.strangerKey } };
}

const newPricingServiceId = (stage: Stage) => stage.newPricingService();

/** With alerts of caps, and without. */
async function capAlerts(stage: Stage): Promise<Sent> {
  await stage.server.api('PUT', '/account/cap_alerts', capAlertBody(stage));
  return {};
}
async function noCapAlerts(stage: Stage): Promise<Sent> {
  await stage.server.api('DELETE', '/account/cap_alerts');
  return {};
}
const withCapAlerts = recipe('alerts of caps', capAlerts);
const withoutCapAlerts = recipe('no alerts of caps', noCapAlerts);

function capAlertBody(stage: Stage): object {
  return { url: stage.server.recipient.url };
}

const webhookBody = (stage: Stage) => ({ name: 'Warehouse', url: stage.server.recipient.url, enabled: false });

/** The only one of the account. */
async function newWebhookId(stage: Stage): Promise<string> {
  await removeWebhooks(stage);
  return (await stage.server.api('POST', '/webhooks', webhookBody(stage))).body.id;
}

async function removeWebhooks({ server }: Stage): Promise<void> {
  const { body } = await server.api('GET', '/webhooks');
  for (const { id } of body) await server.api('DELETE', `/webhooks/${id}`);
}

const newHoldId = async (stage: Stage): Promise<string> =>
  (await stage.server.api('POST', '/privacy/holds', { lead_ids: [await leadId(stage)] })).body.id;

/** Of the other account, whose holds nothing else needs. */
async function fillHolds({ server }: Stage): Promise<void> {
  await server.query(
    `insert into legal_holds (account_id, id, kind, note, created_by, created_at, searched_below)
     select a.id, lpad(to_hex(n), 24, '0'), 'leads', '', '{"kind":"key","id":"x","name":"x"}', now(), ''
       from accounts a, generate_series(1, ${HOLDS_MAX}) n where a.name = 'Stranger' on conflict do nothing`,
  );
}

/** Of a lead that is erased. */
async function newReceiptId(stage: Stage): Promise<string> {
  const asked = await stage.server.api('POST', '/privacy/erase', { lead_ids: [await leadId(stage)], preview: false });
  const { id } = asked.body.job;
  await until('the job has ended', async () => (await stage.server.api('GET', `/jobs/${id}`)).body.ended_at !== null);
  return id;
}

/** Saved by the owner. */
const newReportId = async ({ server, newName }: Stage): Promise<string> =>
  (await server.api('POST', '/reports', { name: newName() })).body.id;
const withReport = withId('a report', newReportId);
const everyonesReport = recipe('a report that every account has', (_stage, { doc }) => ({
  params: { id: 'stats-by-flow' },
  ...(doc.example?.body === undefined ? {} : { body: doc.example.body }),
}));

/** Saved by the owner. */
const newViewId = async ({ server, newName }: Stage): Promise<string> =>
  (await server.api('POST', '/views', { name: newName(), section: 'leads', query: {} })).body.id;
const withView = withId('a view', newViewId);
const everyonesView = recipe('a view that every account has', (_stage, { doc }) => ({
  params: { id: 'leads-all' },
  ...(doc.example?.body === undefined ? {} : { body: doc.example.body }),
}));

/** Of the key of the other account. */
async function fillViews({ server }: Stage): Promise<Sent> {
  const as = { key: server.strangerKey };
  const made = await server.api('POST', '/views', { name: 'Full', section: 'leads', query: {} }, as);
  if (made.status === 201) {
    await server.query(
      `insert into views (account_id, id, name, section, query, is_shared, owner_kind, owner_id, owner_name, created_at, updated_at)
       select account_id, lpad(to_hex(n), 24, '0'), name, section, query, is_shared, owner_kind, owner_id, owner_name, now(), now()
         from views, generate_series(2, ${VIEWS_MAX}) n where id = '${made.body.id}' on conflict do nothing`,
    );
  }
  return { as };
}

/** Of the other account, whose reports nothing else needs. */
async function fillReports({ server }: Stage): Promise<Sent> {
  await server.query(
    `insert into reports (account_id, id, name, definition, created_at, updated_at)
     select a.id, lpad(to_hex(n), 24, '0'), 'Full', '{"columns":[],"rules":[],"group_by":[]}', now(), now()
       from accounts a, generate_series(1, ${REPORTS_MAX}) n where a.name = 'Stranger' on conflict do nothing`,
  );
  return { as: { key: server.strangerKey } };
}

const withWebhook = withId('a webhook', newWebhookId);

/** With a key in a header of its step. */
async function flowWithSecret(stage: Stage): Promise<Flow> {
  const mappings = [
    { property: 'url', value: 'https://crm.example.com/leads' },
    { property: 'header.X-Api-Key', value: 'blue-lantern-77' },
  ];
  const integration = { module_id: 'leadconduit-custom.outbound.json', mappings };
  return stage.newFlow({ steps: [{ type: 'recipient', entity: { name: 'CRM' }, integration }] });
}

function secretOfMapping(flow: Flow) {
  const step_id = (flow as unknown as { steps: { id: string }[] }).steps[0]?.id ?? '';
  return { params: { id: flow.id }, body: { step_id, property: 'header.X-Api-Key', name: 'CRM' } };
}

/** A pricing service that a flow names. */
async function usedPricingServiceId(stage: Stage): Promise<string> {
  const id = await stage.newPricingService();
  await stage.newFlow({ pricing_service: { service_id: id, fallback_price: 1 } });
  return id;
}

/** As a person who may be changed. */
const asNew = (
  how: string,
  sent: (session: Session) => Sent,
  before?: (stage: Stage, session: Session) => Promise<void>,
) =>
  recipe(how, async (stage) => {
    const session = await stage.newSession();
    await before?.(stage, session);
    return { as: session, ...sent(session) };
  });
const lock = async (stage: Stage, { email }: Session) => stage.lock(email);
const wrongPassword = { password: 'wrong' };
const newPassword = { current_password: PASSWORD, password: 'green lantern hums low' };

const SOURCES = { open: 0, disabled: 1, guarded: 2, onePage: 3 };

/** The submit URL of a source. */
const submitTo = (flow: Flow, source = SOURCES.open, sent: Sent = {}): Sent => ({
  params: { flow_id: flow.id, source_id: flow.sources[source].entity.id },
  ...sent,
});
const LEAD = { first_name: 'Ada', email: 'ada@example.com' };
const CONVERSION = { type: 'conversion' };

async function newDeclinedReturn(stage: Stage): Promise<string> {
  const id = await stage.newReturn();
  await stage.server.api('POST', `/returns/${id}/decline`, {});
  return id;
}

async function sendingFeedback(stage: Stage, type: string): Promise<Sent> {
  const { leadId: id, recipientId } = await stage.sellWithFeedback();
  return { params: { id }, body: { type, recipient_id: recipientId } };
}

/** What both feedback URLs have. `values` carries a conversion. */
function feedbackRecipes(values: Sent): RecipesOfRoute {
  const about = (how: string, eventId: (stage: Stage) => Promise<string>, sent: Sent = {}) =>
    recipe(how, async (stage) => ({
      ...values,
      ...sent,
      query: [values.query, `event_id=${await eventId(stage)}`].filter(Boolean).join('&'),
    }));
  const sold = async (stage: Stage) => (await stage.sellWithFeedback()).eventId;
  const unknown = async () => UNKNOWN_ID;
  return {
    201: about('the id of a delivery', sold),
    malformed_id: about('an id that is none', async () => 'x'),
    not_found: about('an id that nothing has', unknown),
    not_acceptable: about('`Accept: image/png`', unknown, { headers: { Accept: 'image/png' } }),
    feedback_forbidden: about('a recipient that may send none', async (stage) => (await stage.submitLead()).eventId),
    url_too_long: about('a URL of 66 000 characters', async () => 'a'.repeat(66_000)),
    headers_too_large: about('a URL of 100 000 characters', async () => 'a'.repeat(100_000)),
    // Of a server of its own: one that has met so many unknown ids answers nothing else.
    too_many_attempts: recipe('after many unknown ids', async ({ failing }) => {
      const query = [values.query, `event_id=${UNKNOWN_ID}`].filter(Boolean).join('&');
      for (let count = 0; count < ADDRESS_MISSES.most; count += 1)
        await ask(`${failing.url}/feedback?${query}`, { method: 'GET' });
      return { ...values, query, server: 'failing' };
    }),
    unavailable: about('anything, while the database is away', unknown, { server: 'away' }),
  };
}

/** What both submit URLs have. `values` carries a lead. */
function submitRecipes(values: Sent): RecipesOfRoute {
  const submit = (how: string, source: number, sent: Sent = {}) =>
    recipe(how, ({ flow }) => submitTo(flow, source, { ...values, ...sent }));
  return {
    200: recipe('a key and `Prefer: return=representation`', ({ flow, server }) =>
      submitTo(flow, SOURCES.open, {
        ...values,
        as: { key: server.key },
        headers: { Prefer: 'return=representation' },
      }),
    ),
    201: submit('a lead', SOURCES.open),
    303: submit('`redir_url` in the query', SOURCES.open, {
      query: [values.query, 'redir_url=https%3A%2F%2Fwww.example.com%2Fthanks'].filter(Boolean).join('&'),
    }),
    malformed_id: recipe('a flow id that is none', () => ({ ...values, params: { flow_id: 'x', source_id: 'x' } })),
    malformed_url: recipe('a percent sign without its digits', () => ({
      ...values,
      params: { flow_id: '%E0%A4%A', source_id: 'x' },
    })),
    invalid_redirect: submit('`redir_url` that is no URL', SOURCES.open, {
      query: [values.query, 'redir_url=thanks'].filter(Boolean).join('&'),
    }),
    unauthorized_source: submit('no key, to a source that asks for one', SOURCES.guarded),
    origin_not_allowed: submit('a page whose origin the source does not list', SOURCES.onePage, {
      headers: { Origin: 'https://elsewhere.example' },
    }),
    source_disabled: submit('to a disabled source', SOURCES.disabled),
    not_found: recipe('a flow id that nothing has', () => ({
      ...values,
      params: { flow_id: UNKNOWN_ID, source_id: UNKNOWN_ID },
    })),
    url_too_long: submit('a URL of 66 000 characters', SOURCES.open, { query: `a=${'x'.repeat(66_000)}` }),
    headers_too_large: submit('a URL of 100 000 characters', SOURCES.open, { query: `a=${'x'.repeat(100_000)}` }),
    not_acceptable: submit('`Accept: image/png`', SOURCES.open, { headers: { Accept: 'image/png' } }),
    unavailable: recipe('a lead, while the database is away', ({ away }) =>
      submitTo(away.flow, SOURCES.open, { ...values, server: 'away' }),
    ),
  };
}

const LEAD_QUERY = 'first_name=Ada&email=ada%40example.com';

/** What both ping URLs have: a ping is refused as a lead is. */
function pingRecipes(values: Sent): RecipesOfRoute {
  const { 200: _records, 201: taken, ...refusals } = submitRecipes(values);
  return taken ? { ...refusals, 200: taken } : refusals;
}

/** The same through a router in front of the source. */
function throughRouter(recipes: RecipesOfRoute): RecipesOfRoute {
  const through = ({ how, prepare }: Recipe): Recipe =>
    recipe(how, async (stage, route) => {
      const { params = {}, ...sent } = await prepare(stage, route);
      const { flow_id: flowId = '', source_id: sourceId = '' } = params;
      const isThere = sent.server === undefined && flowId.length === UNKNOWN_ID.length && flowId !== UNKNOWN_ID;
      return { ...sent, params: { router_id: isThere ? await stage.newRouter(flowId, sourceId) : flowId } };
    });
  return Object.fromEntries(Object.entries(recipes).map(([name, each]) => [name, through(each)]));
}

const newRouterId = (stage: Stage) => stage.newRouter(stage.flow.id, stage.flow.sources[SOURCES.open].entity.id);

function routerBody({ flow }: Stage): object {
  return { routes: [{ flow_id: flow.id, source_id: flow.sources[SOURCES.open].entity.id }] };
}

/** Of URLs that take a body. */
const BODY_RECIPES: RecipesOfRoute = {
  malformed_body: recipe('gzip that is none', ({ flow }) =>
    submitTo(flow, SOURCES.open, { body: LEAD, headers: { 'Content-Encoding': 'gzip' } }),
  ),
  unparsable_json: recipe('half of a JSON body', ({ flow }) => submitTo(flow, SOURCES.open, { text: '{"a":' })),
  request_timeout: recipe('a body that stops to come', ({ flow }) =>
    submitTo(flow, SOURCES.open, { headers: { 'Content-Type': 'application/json', 'Content-Length': '10' } }),
  ),
  body_too_large: recipe('a body one byte longer than the bound', ({ flow }, { bodyBytesMax = 0 }) =>
    submitTo(flow, SOURCES.open, { text: ' '.repeat(bodyBytesMax + 1) }),
  ),
  unsupported_media_type: recipe('a charset that does not exist', ({ flow }) =>
    submitTo(flow, SOURCES.open, { body: LEAD, headers: { 'Content-Type': 'application/json; charset=nonsense' } }),
  ),
  content_type_unsupported: recipe('a body as CSV', ({ flow }) =>
    submitTo(flow, SOURCES.open, { text: 'a,b', headers: { 'Content-Type': 'text/csv' } }),
  ),
  content_type_required: recipe('a body without a type', ({ flow }) =>
    submitTo(flow, SOURCES.open, { text: 'a,b', headers: { 'Content-Type': '' } }),
  ),
};

const QUERY_RECIPES: RecipesOfRoute = {
  malformed_body: recipe('a GET with a body', ({ flow }) => submitTo(flow, SOURCES.open, { body: LEAD })),
  unsupported_media_type: recipe('a transfer coding other than chunked', ({ flow }) =>
    submitTo(flow, SOURCES.open, { headers: { 'Transfer-Encoding': 'gzip, chunked' } }),
  ),
};

/** A draft of a new flow, with this change. */
async function newDraft(stage: Stage, change: object = {}): Promise<{ id: string; version: number }> {
  const { id, revision, ...document } = await stage.newFlow();
  const given = { document: { ...document, ...change }, base_revision: revision, version: null };
  const { body } = await stage.server.api('PUT', `/flows/${id}/draft`, given);
  return { id, version: body.version };
}
const withDraft = withId('a draft', async (stage) => (await newDraft(stage)).id);

async function newTestLead(stage: Stage): Promise<{ id: string; test_id: string }> {
  const { id, sources } = await stage.newFlow();
  const testLead = { name: 'Sold', source_id: sources[0]?.id, values: {}, expected: { outcome: 'success' } };
  const { body } = await stage.server.api('POST', `/flows/${id}/test_leads`, testLead);
  return { id, test_id: body.id };
}

/** Drafts cannot be read until it is called, so that replays of drafts do not end. */
async function holdDrafts({ server }: Stage): Promise<() => Promise<void>> {
  const client = new pg.Client(server.database.connection);
  await client.connect();
  await client.query('begin; lock table flow_drafts in access exclusive mode');
  return () => client.end();
}

/** A replay that waits behind another one, until a newer one of the same caller comes. */
async function replacedReplay(stage: Stage): Promise<Sent> {
  const [other, { id }] = [await stage.newFlow(), await stage.newFlow()];
  const release = await holdDrafts(stage);
  const replay = (flowId: string) => stage.server.api('POST', `/flows/${flowId}/replay`, {});
  const running = [replay(other.id)];
  // The request of the recipe takes its place: its answer says that the request is in the line.
  const place = replay(id);
  const replacing = place.then(() => running.push(replay(id)));
  return {
    ...{ params: { id }, body: {} },
    after: async () => {
      await replacing;
      await release();
      await Promise.all(running);
    },
  };
}

/** One replay more than may run and wait. */
async function fullReplays(stage: Stage): Promise<Sent> {
  const flows = await Promise.all(Array.from({ length: REPLAYS_MAX + 1 }, () => stage.newFlow()));
  const release = await holdDrafts(stage);
  const replays = flows.map(({ id }) => stage.server.api('POST', `/flows/${id}/replay`, {}));
  // Of these one is refused, at once; the line is full then.
  await Promise.race(replays);
  return {
    ...{ params: { id: stage.flow.id }, body: {} },
    after: async () => {
      await release();
      await Promise.all(replays);
    },
  };
}

/**
 * How each row gives the answers of its handler, by the names of rows and answers. What rows share is in
 * `router-recipes.ts`. An answer without a recipe fails `npm run verify`.
 */
export const ROUTE_RECIPES: Readonly<Record<string, RecipesOfRoute>> = {
  listFlows: { 200: asIs },
  createFlow: {
    201: withExample,
    id_taken: recipe('the id of a flow that is there', ({ flow }) => ({ body: { ...flow, revision: undefined } })),
  },
  replaceAllFlows: {
    200: recipe('a list of one flow', async (stage) => ({ body: [await stage.newFlow()] })),
    conflict: recipe('a flow of another revision', async (stage) => ({
      body: [{ ...(await stage.newFlow()), revision: 99 }],
    })),
  },
  readFlow: { 200: withId('a flow', flowId) },
  replaceFlow: {
    200: recipe('a flow as it was read', async (stage) => {
      const { id, ...flow } = await stage.newFlow();
      return { params: { id }, body: flow };
    }),
    conflict: recipe('`If-Match` of another revision', async (stage) => {
      const { id, revision: _, ...flow } = await stage.newFlow();
      return { params: { id }, body: flow, ...STALE };
    }),
  },
  moveSecretToCredential: {
    201: recipe('a header of a step', async (stage) => secretOfMapping(await flowWithSecret(stage))),
    conflict: recipe('`If-Match` of another revision', async (stage) => ({
      ...secretOfMapping(await flowWithSecret(stage)),
      ...STALE,
    })),
    not_found: recipe('a flow that is not there', async (stage) => ({
      ...secretOfMapping(await flowWithSecret(stage)),
      params: { id: '5fd0c0de00000000000000ff' },
    })),
  },
  removeFlow: {
    200: withId('a flow', newFlowId),
    conflict: withId('`If-Match` of another revision', newFlowId, STALE),
  },
  deployFlow: {
    200: withId('a flow', newFlowId),
    conflict: withId('`If-Match` of another revision', newFlowId, STALE),
    not_deployable: withId('a flow with an unknown field', async (stage) => (await stage.newBrokenFlow()).id),
  },
  readDraft: { 200: withDraft },
  replaceDraft: {
    200: recipe('an unfinished document', async (stage, { doc }) => ({
      params: { id: await newFlowId(stage) },
      body: doc.example?.body,
    })),
    conflict: recipe('a version that is not there any more', async (stage, { doc }) => ({
      params: { id: (await newDraft(stage)).id },
      body: doc.example?.body,
    })),
  },
  discardDraft: {
    200: withDraft,
    conflict: recipe('another version', async (stage) => ({
      params: { id: (await newDraft(stage)).id },
      query: 'version=99',
    })),
  },
  listDrafts: { 200: asIs },
  publishDraft: {
    200: recipe('a draft', async (stage) => {
      const { id, version } = await newDraft(stage);
      return { params: { id }, body: { version, note: 'Renamed' } };
    }),
    conflict: recipe('another version', async (stage) => ({
      params: { id: (await newDraft(stage)).id },
      body: { version: 99 },
    })),
    not_found: recipe('a flow that is not there', () => ({ params: { id: UNKNOWN_ID }, body: { version: 1 } })),
    not_deployable: recipe('a draft without a name', async (stage) => {
      const { id, version } = await newDraft(stage, { name: undefined });
      return { params: { id }, body: { version } };
    }),
  },
  listTestLeads: { 200: withId('a flow', flowId) },
  createTestLead: {
    201: recipe('the example', async (stage, { doc }) => ({
      params: { id: await newFlowId(stage) },
      body: doc.example?.body,
    })),
    conflict: recipe('as many test leads as a flow may have', async (stage, { doc }) => {
      const { id, test_id: first } = await newTestLead(stage);
      await stage.server.query(
        `insert into test_leads select account_id, flow_id, lpad(to_hex(n), 24, '0'), name, source_id, sealed_lead, user_kind,
           user_id, user_name, updated_at from test_leads, generate_series(2, ${TEST_LEADS_MAX}) n where id = '${first}'`,
      );
      return { params: { id }, body: doc.example?.body };
    }),
    not_found: recipe('a flow that is not there', (_stage, { doc }) => ({
      params: { id: UNKNOWN_ID },
      body: doc.example?.body,
    })),
  },
  replaceTestLead: {
    200: recipe('a test lead', async (stage, { doc }) => ({
      params: await newTestLead(stage),
      body: doc.example?.body,
    })),
  },
  removeTestLead: { 200: recipe('a test lead', async (stage) => ({ params: await newTestLead(stage) })) },
  runTestLeads: {
    200: recipe('a draft and a test lead', async (stage) => {
      const { id } = await newTestLead(stage);
      const { revision, ...document } = (await stage.server.api('GET', `/flows/${id}`)).body;
      await stage.server.api('PUT', `/flows/${id}/draft`, { document, base_revision: revision, version: null });
      return { params: { id }, body: {} };
    }),
    not_found: recipe('a draft where there is none', async (stage) => ({
      params: { id: await newFlowId(stage) },
      body: { revision: 'draft' },
    })),
    not_deployable: recipe('a flow with an unknown field', async (stage) => ({
      params: { id: (await stage.newBrokenFlow()).id },
      body: {},
    })),
  },
  replayFlow: {
    200: recipe('the live flow', ({ flow }) => ({ params: { id: flow.id }, body: {} })),
    permission_required: recipe('a key that may not read flows', async ({ flow, newKey }) => ({
      params: { id: flow.id },
      body: {},
      as: { key: (await newKey({ permissions: ['leads.read'] })).key },
    })),
    not_found: recipe('a draft where there is none', async (stage) => ({
      params: { id: await newFlowId(stage) },
      body: { revision: 'draft' },
    })),
    not_deployable: recipe('a draft without a name', async (stage) => ({
      params: { id: (await newDraft(stage, { name: undefined })).id },
      body: {},
    })),
    conflict: recipe('a newer one of the same caller', replacedReplay),
    too_many_attempts: recipe('as many as may wait', fullReplays),
  },
  listRevisions: { 200: withId('a flow', flowId) },
  readRevision: {
    200: recipe('a revision', async (stage) => ({ params: { id: (await stage.newFlow()).id, revision: '1' } })),
  },
  revertFlow: {
    200: recipe('a revision', async (stage) => ({ params: { id: (await stage.newFlow()).id, revision: '1' } })),
    conflict: recipe('`If-Match` of another revision', async (stage) => ({
      params: { id: (await stage.newFlow()).id, revision: '1' },
      ...STALE,
    })),
  },
  listFlowFields: { 200: withId('a flow', flowId) },
  countFieldUsage: { 200: withId('a flow', flowId) },
  evaluateFlow: {
    200: recipe('a lead', ({ flow }) => ({
      params: { id: flow.id },
      body: { source: flow.sources[SOURCES.open].id, values: LEAD },
    })),
    not_deployable: recipe('a flow with an unknown field', async (stage) => {
      const flow = await stage.newBrokenFlow();
      return { params: { id: flow.id }, body: { source: flow.sources[0].id, values: LEAD } };
    }),
  },
  readSourceMeta: { 200: recipe('a source', ({ flow }) => submitTo(flow)) },
  listPostingLinks: { 200: recipe('a source', ({ flow }) => submitTo(flow)) },
  createPostingLink: {
    201: recipe('a source', ({ flow }, { doc }) => submitTo(flow, SOURCES.open, { body: doc.example?.body })),
    conflict: recipe('a source that has as many as it may have', async (stage) => {
      const sent = submitTo(await stage.newFlow(), SOURCES.open, { body: {} });
      for (let count = 0; count < POSTING_LINKS_MAX; count += 1) await newPostingLink(stage, sent);
      return sent;
    }),
  },
  replacePostingLink: {
    200: recipe('a link', async (stage, { doc }) => {
      const sent = submitTo(await stage.newFlow(), SOURCES.open, { body: doc.example?.body });
      return { ...sent, params: { ...sent.params, link_id: (await newPostingLink(stage, sent)).id } };
    }),
  },
  revokePostingLink: {
    200: recipe('a link', async (stage) => {
      const sent = submitTo(await stage.newFlow());
      return { ...sent, params: { ...sent.params, link_id: (await newPostingLink(stage, sent)).id } };
    }),
  },
  readPosting: readingByLink('192.0.2.11'),
  readPostingMarkdown: readingByLink('192.0.2.13'),
  readPostingOpenApi: readingByLink('192.0.2.14'),
  readPostingPostman: readingByLink('192.0.2.15'),
  readPostingTemplate: readingByLink('192.0.2.16'),
  tryPosting: {
    200: recipe('the example', async (stage, { doc }) => ({ ...(await openedLink(stage)), body: doc.example?.body })),
    not_found: recipe('a token that opens nothing', (_stage, { doc }) => {
      return { params: { token: 'unknown' }, as: 'nobody', body: doc.example?.body };
    }),
    too_many_attempts: recipe('after many dry runs of the same address', (stage, { path, doc }) =>
      askedTooOften(stage, { address: '192.0.2.12', path, body: doc.example?.body, ...TRIES_OF_ADDRESS }),
    ),
  },
  testStep: {
    200: recipe('data for a recipient', ({ flow, server }) =>
      submitTo(flow, SOURCES.open, {
        body: {
          step_config: { integration: { module_id: 'leadconduit-custom.outbound.json' } },
          submission_data: { url: server.recipient.url, 'json_property.email': LEAD.email },
        },
      }),
    ),
  },
  listDestinations: { 200: asIs },
  createDestination: { 201: recipe('a destination', (stage) => ({ body: destinationBody(stage) })) },
  readDestination: { 200: withId('a destination', newDestinationId) },
  replaceDestination: {
    200: recipe('a destination', async (stage) => ({
      params: { id: await newDestinationId(stage) },
      body: destinationBody(stage),
    })),
    conflict: recipe('without an action that a flow names', async (stage) => {
      const { instance_id: id, ...destination } = await usedDestination(stage);
      return { params: { id }, body: { ...destination, actions: destination.actions.slice(1) } };
    }),
  },
  removeDestination: {
    200: withId('a destination', newDestinationId),
    conflict: withId('a destination that a flow names', async (stage) => (await usedDestination(stage)).instance_id),
  },
  rotateDestinationSecret: { 200: withId('a destination', newDestinationId) },
  listEntities: { 200: asIs },
  createEntity: {
    201: withExample,
    id_taken: recipe('the id of an entity that is there', async (stage) => ({
      body: { ...ENTITY, id: await newEntityId(stage) },
    })),
  },
  readEntity: { 200: withId('an entity', newEntityId) },
  replaceEntity: { 200: withId('an entity', newEntityId, { body: ENTITY }) },
  removeEntity: {
    200: withId('an entity', newEntityId),
    conflict: withId('an entity that a flow names', ({ flow }) => flow.sources[0].entity.id),
  },
  listRouters: { 200: asIs },
  createRouter: { 201: recipe('a router', (stage) => ({ body: routerBody(stage) })) },
  readRouter: { 200: withId('a router', newRouterId) },
  replaceRouter: {
    200: recipe('a router', async (stage) => ({ params: { id: await newRouterId(stage) }, body: routerBody(stage) })),
  },
  listPricingServices: { 200: asIs },
  createPricingService: { 201: recipe('a service', (stage) => ({ body: pricingServiceBody(stage) })) },
  readPricingService: { 200: withId('a pricing service', newPricingServiceId) },
  replacePricingService: {
    200: recipe('a service', async (stage) => ({
      params: { id: await newPricingServiceId(stage) },
      body: pricingServiceBody(stage),
    })),
  },
  removePricingService: {
    200: withId('a pricing service', newPricingServiceId),
    conflict: withId('a pricing service that a flow names', usedPricingServiceId),
  },
  readMailSettings: { 200: asIs },
  testMail: {
    200: asNew('a user', () => ({})),
    session_required: asIs,
    too_many_attempts: asNew(
      'after many messages',
      () => ({}),
      async ({ server }, session) => {
        const headers = { Cookie: session.cookie, 'X-CSRF-Token': session.csrf };
        for (let count = 0; count < TEST_MAILS.most; count += 1)
          await ask(`${server.url}/account/mail/test`, { method: 'POST', headers });
      },
    ),
  },
  listPricingServiceUses: { 200: withId('a pricing service that a flow names', usedPricingServiceId) },
  rotatePricingServiceSecret: { 200: withId('a pricing service', newPricingServiceId) },
  testPricingService: { 200: withId('a pricing service', newPricingServiceId, { body: {} }) },
  listBatches: { 200: asIs },
  createBatch: { 201: recipe('a batch', async (stage) => ({ body: await stage.batchBody() })) },
  readBatch: { 200: withId('a batch', newBatchId) },
  replaceBatch: {
    200: recipe('a batch', async (stage) => ({
      params: { id: await newBatchId(stage) },
      body: await stage.batchBody(),
    })),
    not_found: recipe('no batch', async (stage) => ({ params: { id: UNKNOWN_ID }, body: await stage.batchBody() })),
  },
  removeBatch: {
    200: withId('a batch', newBatchId),
    conflict: withId('a batch that a flow names', usedBatchId),
  },
  deliverBatch: { 202: withId('a batch', newBatchId) },
  listBatchFiles: { 200: withId('a batch', newBatchId) },
  readBatchFile: { 200: recipe('a file', async (stage) => ({ params: await stage.newBatchFile() })) },
  resendBatchFile: {
    202: recipe('a file', async (stage) => ({ params: await stage.newBatchFile() })),
    conflict: recipe('a file of a deleted batch', deletedBatchFile),
  },
  listCredentials: { 200: asIs },
  listCredentialTypes: { 200: asIs },
  createCredential: { 201: withExample },
  readCredential: { 200: withId('a credential', newCredentialId) },
  replaceCredential: {
    200: recipe('a credential', async (stage, { doc }) => ({
      params: { id: await newCredentialId(stage) },
      body: doc.example?.body,
    })),
  },
  removeCredential: {
    200: withId('a credential', newCredentialId),
    conflict: withId('a credential that a flow names', usedCredentialId),
  },
  listCredentialUses: { 200: withId('a credential that a flow names', usedCredentialId) },
  testCredential: {
    200: recipe('a credential', async (stage) => ({
      params: { id: await newCredentialId(stage) },
      body: { url: stage.server.recipient.url },
    })),
  },
  readCapAlerts: {
    200: withCapAlerts,
    not_found: withoutCapAlerts,
  },
  replaceCapAlerts: {
    200: recipe('another address', async (stage) => ({ ...(await capAlerts(stage)), body: capAlertBody(stage) })),
    201: recipe('an address', async (stage) => ({ ...(await noCapAlerts(stage)), body: capAlertBody(stage) })),
  },
  removeCapAlerts: { 200: withCapAlerts, not_found: withoutCapAlerts },
  rotateCapAlertSecret: { 200: withCapAlerts, not_found: withoutCapAlerts },
  testCapAlert: { 200: withCapAlerts, not_found: withoutCapAlerts },
  evaluateRules: { 200: withExample },
  renderTemplate: { 200: withExample },
  listEvents: { 200: asIs },
  searchEvents: { 200: withExample },
  readStatistics: { 200: recipe('two groupings', () => ({ query: 'group_by=vars.flow.id,vars.source.id' })) },
  readLatencies: { 200: recipe('of sources', () => ({ query: 'by=source&timeframe=this_3_days' })) },
  readFlowFunnel: {
    200: withId('a flow', flowId),
    not_found: recipe('an unknown flow', () => ({ params: { id: UNKNOWN_ID } })),
  },
  countEvents: { 200: recipe('days', () => ({ query: 'timeframe=this_3_days&interval=daily' })) },
  askHowManyEvents: { 200: withExample },
  countUniqueValues: { 200: recipe('a property', () => ({ query: 'target_property=vars.lead.id' })) },
  askHowManyValues: { 200: withExample },
  selectUniqueValues: { 200: recipe('a property', () => ({ query: 'target_property=step_id' })) },
  askForUniqueValues: { 200: withExample },
  readMedian: { 200: recipe('a property', () => ({ query: 'target_property=total_ms' })) },
  askForMedian: { 200: withExample },
  countFunnel: { 200: recipe('a step', () => ({ query: `steps=${encodeURIComponent('[{}]')}` })) },
  askForFunnel: { 200: withExample },
  listViews: { 200: asIs },
  createView: {
    201: withExample,
    conflict: recipe('as many views as one may have', async (stage, { doc }) => ({
      ...(await fillViews(stage)),
      body: doc.example?.body,
    })),
  },
  replaceView: {
    200: recipe('a view', async (stage, { doc }) => ({
      params: { id: await newViewId(stage) },
      body: doc.example?.body,
    })),
    conflict: everyonesView,
  },
  removeView: { 200: withView, conflict: everyonesView },
  listReports: { 200: asIs },
  createReport: {
    201: withExample,
    conflict: recipe('as many reports as an account may have', async (stage) => ({
      ...(await fillReports(stage)),
      body: { name: 'One more' },
    })),
  },
  previewReport: { 200: withExample },
  readSharedReport: openingByLink('192.0.2.21'),
  readSharedReportCsv: openingByLink('192.0.2.22'),
  readSharedReportMarkdown: openingByLink('192.0.2.23'),
  readReport: { 200: withReport },
  replaceReport: {
    200: recipe('a report', async (stage, { doc }) => ({
      params: { id: await newReportId(stage) },
      body: doc.example?.body,
    })),
    conflict: everyonesReport,
  },
  removeReport: { 200: withReport, conflict: everyonesReport },
  copyReport: {
    201: recipe('a report that every account has', () => ({ params: { id: 'stats-by-flow' }, body: {} })),
    conflict: recipe('as many reports as an account may have', async (stage) => ({
      ...(await fillReports(stage)),
      ...{ params: { id: 'stats-by-flow' }, body: {} },
    })),
  },
  runReport: { 200: recipe('a report that every account has', () => ({ params: { id: 'stats-by-flow' } })) },
  shareReport: { 200: withId('a report', newReportId, { body: {} }), conflict: everyonesReport },
  unshareReport: { 200: withReport, conflict: everyonesReport },
  readEvent: { 200: withId('an event', async (stage) => (await stage.submitLead()).eventId) },
  listEventReasons: { 200: asIs },
  listLeadReasons: { 200: asIs },
  verifyFirehose: {
    200: recipe('a flow with a firehose', async (stage) => ({ query: `flow_id=${await firehoseFlowId(stage)}` })),
    malformed_query: recipe('neither a flow nor a bucket', () => ({})),
    not_found: recipe('an unknown flow', () => ({ query: `flow_id=${UNKNOWN_ID}` })),
  },
  listFirehoseStates: {
    200: recipe('a flow with a firehose', async (stage) => ({ query: `flow_id=${await firehoseFlowId(stage)}` })),
  },
  recoverFirehose: {
    200: recipe('a flow with a firehose', async (stage) => ({ body: { flow_id: await firehoseFlowId(stage) } })),
    not_found: recipe('an unknown flow', () => ({ body: { flow_id: UNKNOWN_ID } })),
  },
  listHolds: { 200: asIs },
  createHold: {
    201: recipe('a person', () => ({ body: { email: 'ada@example.com' } })),
    conflict: recipe('as many holds as an account may have', async (stage) => {
      await fillHolds(stage);
      return { body: { email: 'ada@example.com' }, as: { key: stage.server.strangerKey } };
    }),
    invalid_document: recipe('no subject', () => ({ body: { note: 'Case 1' } })),
  },
  releaseHold: { 200: withId('a hold', newHoldId) },
  erase: {
    202: recipe('a preview', () => ({ body: { email: 'ada@example.com' } })),
    invalid_document: recipe('no subject', () => ({ body: { preview: true } })),
  },
  exportPerson: {
    202: recipe('a person', () => ({ body: { phone: '512-789-4321' } })),
    invalid_document: recipe('no number', () => ({ body: { phone: 'none' } })),
  },
  listReceipts: { 200: asIs },
  readReceipt: { 200: withId('a receipt', newReceiptId) },
  readReceiptKey: { 200: asIs },
  verifyReceipt: { 200: recipe('another signature', () => ({ body: { statement: '{}', signature: 'AAAA' } })) },
  listWebhooks: { 200: asIs },
  createWebhook: {
    201: recipe('a webhook', async (stage) => {
      await removeWebhooks(stage);
      return { body: webhookBody(stage) };
    }),
    conflict: recipe('as many webhooks as an account may have', async (stage) => {
      await removeWebhooks(stage);
      for (let made = 0; made < WEBHOOKS_MAX; made += 1)
        await stage.server.api('POST', '/webhooks', webhookBody(stage));
      return { body: webhookBody(stage) };
    }),
  },
  readWebhook: { 200: withWebhook },
  replaceWebhook: {
    200: recipe('a webhook', async (stage) => ({
      params: { id: await newWebhookId(stage) },
      body: webhookBody(stage),
    })),
  },
  removeWebhook: { 200: withWebhook },
  rotateWebhookSecret: { 200: withWebhook },
  testWebhook: {
    200: withWebhook,
    conflict: withId('an event that is not there', newWebhookId, { body: { event_id: UNKNOWN_ID } }),
  },
  readWebhookState: { 200: withWebhook },
  recoverWebhook: { 200: withId('a webhook', newWebhookId, { body: {} }) },
  listLeads: { 200: asIs },
  searchLeads: { 200: recipe('a lead', async (stage) => ({ query: `query=${await leadId(stage)}` })) },
  resubmitLeads: {
    200: recipe('a preview', async (stage) => ({ body: { lead_ids: [await leadId(stage)] } })),
    202: recipe('`as_job`', async (stage) => ({
      body: { lead_ids: [await leadId(stage)], preview: false, as_job: true },
    })),
    conflict: recipe('the `resubmission_id` of another call', async (stage) => {
      const [first, other] = [await leadId(stage), await leadId(stage)];
      const call = { resubmission_id: stage.newName(), preview: false };
      await stage.server.api('POST', '/leads/resubmit', { ...call, lead_ids: [first] });
      return { body: { ...call, lead_ids: [other] } };
    }),
  },
  readLead: { 200: withId('a lead', leadId) },
  explainLead: { 200: withId('a lead', leadId) },
  revealLead: { 200: withId('a lead', leadId) },
  listProblems: { 200: asIs },
  readProblem: { 200: withId('a problem', (stage) => stage.newProblem()) },
  markProblem: {
    200: withId('a problem', (stage) => stage.newProblem(), {
      body: { state: 'acknowledged', note: 'The CRM is slow' },
    }),
    invalid_document: withId('a time without the state', (stage) => stage.newProblem(), {
      body: { muted_until: '2099-01-01' },
    }),
  },
  retryProblem: {
    200: withId('a problem', (stage) => stage.newProblem(), { body: {} }),
    202: withId('a problem', (stage) => stage.newProblem(), { body: { preview: false } }),
    conflict: withId('a problem of feedback', (stage) => stage.newProblem('feedback-sent'), { body: {} }),
    invalid_document: withId('no time', (stage) => stage.newProblem(), { body: { start: 'yesterday' } }),
  },
  listRetries: { 200: asIs },
  readRetry: { 200: withId('a retry', (stage) => stage.newRetry()) },
  runRetry: {
    202: withId('a retry', (stage) => stage.newRetry()),
    conflict: withId('a retry that has succeeded', (stage) => stage.newRetry('succeeded')),
  },
  cancelRetry: {
    200: withId('a retry', (stage) => stage.newRetry()),
    conflict: withId('a retry that has succeeded', (stage) => stage.newRetry('succeeded')),
  },
  listUnknowns: { 200: asIs },
  resolveUnknownDelivery: {
    200: recipe('a delivery that may have arrived', async (stage) => ({
      params: { event_id: await stage.newUnknown() },
      body: { resolution: 'delivered' },
    })),
    conflict: recipe('one that was resolved before', async (stage) => {
      const id = await stage.newUnknown();
      const body = { resolution: 'not_delivered' };
      await stage.server.api('POST', `/unknowns/${id}/resolve`, body);
      return { params: { event_id: id }, body };
    }),
  },
  listReturns: { 200: asIs },
  readReturn: { 200: withId('a return', (stage) => stage.newReturn()) },
  acceptReturn: {
    200: withId('a return that waits', (stage) => stage.newReturn(), { body: { note: 'Called it' } }),
    conflict: withId('a return that was declined', newDeclinedReturn, { body: {} }),
  },
  declineReturn: {
    200: withId('a return that waits', (stage) => stage.newReturn(), { body: {} }),
    conflict: withId('a return that was declined', newDeclinedReturn, { body: {} }),
  },
  sendFeedback: {
    201: recipe('a conversion of a lead that was accepted', (stage) => sendingFeedback(stage, 'conversion')),
    conflict: recipe('a recipient that may send none', async (stage) => ({
      params: { id: await leadId(stage) },
      body: { type: 'return', recipient_id: stage.flow.steps[0].entity.id },
    })),
    too_many_attempts: recipe('a lead that has a thousand', async (stage) => {
      const sent = await sendingFeedback(stage, 'conversion');
      await stage.fillFeedback(String(sent.params?.['id']));
      return sent;
    }),
  },
  listExports: { 200: asIs },
  createExport: {
    201: recipe('a range', () => ({ body: { start: '2026-01-01' } })),
    conflict: recipe('while as many as may be have not ended', openExports),
  },
  readExport: { 200: withId('an export', newExportId) },
  removeExport: { 200: withId('an export', newExportId) },
  listJobs: { 200: asIs },
  readJob: { 200: withId('a job', (stage) => stage.newJob('done')) },
  cancelJob: {
    200: withId('a job that has not begun', (stage) => stage.newJob('queued')),
    202: withId('a job that runs', (stage) => stage.newJob('running')),
    conflict: withId('a job that has ended', (stage) => stage.newJob('done')),
  },
  pauseJob: {
    200: withId('a job that has not begun', (stage) => stage.newJob('queued')),
    202: withId('a job that runs', (stage) => stage.newJob('running')),
    conflict: withId('a job that waits to be confirmed', (stage) => stage.newJob('waiting')),
  },
  resumeJob: {
    200: withId('a paused job', (stage) => stage.newJob('paused')),
    conflict: withId('a job that runs', (stage) => stage.newJob('running')),
  },
  listCaps: {
    200: recipe('a flow with a cap', async (stage) => {
      const { body } = await stage.server.api('GET', `/caps/${await stage.newCap()}`);
      return { query: `flow_id=${body.flow_id}` };
    }),
    not_found: recipe('a flow that is not there', () => ({ query: `flow_id=${UNKNOWN_ID}` })),
  },
  readCap: { 200: withId('a cap', (stage) => stage.newCap()) },
  listCapWindows: { 200: withId('a cap', (stage) => stage.newCap()) },
  changeCapCount: { 200: withId('3 less', (stage) => stage.newCap(), { body: { add: -3 } }) },
  changeCapWindow: { 200: withId('9 in this window', (stage) => stage.newCap(), { body: { maximum: 9 } }) },
  listPingLimits: {
    200: recipe('a flow with a ping limit', async (stage) => {
      const { body } = await stage.server.api('GET', `/ping_limits/${(await stage.newPing()).limitId}`);
      return { query: `flow_id=${body.flow_id}` };
    }),
    not_found: recipe('a flow that is not there', () => ({ query: `flow_id=${UNKNOWN_ID}` })),
  },
  readPingLimit: { 200: withId('a ping limit', async (stage) => (await stage.newPing()).limitId) },
  changePingLimitCount: {
    200: withId('3 less', async (stage) => (await stage.newPing()).limitId, { body: { add: -3 } }),
  },
  changePingLimitWindow: {
    200: withId('9 in this window', async (stage) => (await stage.newPing()).limitId, { body: { maximum: 9 } }),
  },
  listPings: { 200: recipe('pings', async (stage) => ({ query: `flow_id=${(await stage.newPing()).flowId}` })) },
  readPing: { 200: withId('a ping', async (stage) => (await stage.newPing()).id) },
  readPingStats: { 200: recipe('pings', async (stage) => ({ query: `flow_id=${(await stage.newPing()).flowId}` })) },
  listLists: { 200: asIs },
  createList: {
    201: recipe('a name', (stage) => ({ body: { name: stage.newName(), type: 'phone' } })),
    conflict: recipe('the name of a list that is there', async (stage) => ({ body: { name: await stage.newList() } })),
  },
  readList: { 200: recipe('a list', listParams) },
  listListUses: {
    200: recipe('a list that a flow checks', async (stage) => {
      const name = await stage.newList();
      await stage.newFlow({ list_checks: { dnc: { value: '{{lead.email}}', list_name: name } } });
      return { params: { list: name } };
    }),
  },
  replaceList: {
    200: recipe('a new name', async (stage) => ({ ...(await listParams(stage)), body: { name: stage.newName() } })),
    conflict: recipe('the name of another list', async (stage) => ({
      ...(await listParams(stage)),
      body: { name: await stage.newList() },
    })),
  },
  removeList: {
    200: recipe('a list', listParams),
    conflict: recipe('a list that a flow checks', async (stage) => {
      const name = await stage.newList();
      await stage.newFlow({ list_checks: { dnc: { value: '{{lead.email}}', list_name: name } } });
      return { params: { list: name } };
    }),
  },
  addListItems: {
    200: recipe('a value', async (stage) => ({ ...(await listParams(stage)), body: { values: ['ada@example.com'] } })),
  },
  removeListItems: {
    200: recipe('a value', async (stage) => ({ ...(await listParams(stage)), body: { values: ['ada@example.com'] } })),
  },
  importListFile: {
    200: recipe('`preview=true`', async (stage) => ({ ...(await importing(stage)), query: 'preview=true' })),
    202: recipe('a file', importing),
    malformed_body: recipe('half of a JSON body', async (stage) => ({ ...(await listParams(stage)), text: '{"a":' })),
    unsupported_media_type: recipe('a picture', async (stage) => ({
      ...(await importing(stage)),
      headers: { 'Content-Type': 'image/png' },
    })),
    invalid_document: recipe('a file without a row', async (stage) => ({
      ...(await importing(stage)),
      text: '\n',
    })),
  },
  importLeadFile: {
    200: recipe('`preview=true`', async (stage) => {
      const sent = await importingLeads(stage);
      return { ...sent, query: `${sent.query}&preview=true` };
    }),
    202: recipe('a file', importingLeads),
    not_found: recipe('a flow that is not there', async (stage) => ({
      ...(await importingLeads(stage)),
      query: `flow_id=${UNKNOWN_ID}&source_id=${UNKNOWN_ID}`,
    })),
    conflict: recipe('a source that is disabled', (stage) => importingLeads(stage, { enabled: false })),
    malformed_body: recipe('half of a JSON body', async ({ flow }) => ({ query: queryOf(flow), text: '{"a":' })),
    unsupported_media_type: recipe('a picture', async (stage) => ({
      ...(await importingLeads(stage)),
      headers: { 'Content-Type': 'image/png' },
    })),
    invalid_document: recipe('a file without a row', async (stage) => ({
      ...(await importingLeads(stage)),
      text: '\n',
    })),
  },
  readLeadImport: { 200: withId('an import', (stage) => stage.newLeadImport('waiting')) },
  changeLeadImport: {
    202: withId('an import that waits', (stage) => stage.newLeadImport('waiting'), {
      body: { columns: { '1': 'email' } },
    }),
    conflict: withId('an import that has ended', (stage) => stage.newLeadImport('done'), {
      body: { columns: { '1': 'email' } },
    }),
  },
  startLeadImport: {
    202: withId('an import that waits', (stage) => stage.newLeadImport('waiting')),
    conflict: withId('an import that has ended', (stage) => stage.newLeadImport('done')),
  },
  importFeedbackFile: {
    200: recipe('`preview=true`', () => ({ ...FEEDBACK_FILE, query: 'type=return&preview=true' })),
    202: recipe('a file', () => FEEDBACK_FILE),
    malformed_body: recipe('half of a JSON body', () => ({ query: 'type=return', text: '{"a":' })),
    unsupported_media_type: recipe('a picture', () => ({ ...FEEDBACK_FILE, headers: { 'Content-Type': 'image/png' } })),
    invalid_document: recipe('a file without a row', () => ({ ...FEEDBACK_FILE, text: '\n' })),
    recipient_needed: recipe('ids of leads without their recipient', () => ({
      ...FEEDBACK_FILE,
      text: `lead_id\n${UNKNOWN_ID}\n`,
    })),
  },
  readFeedbackImport: {
    200: withId('an import', async (stage) => {
      const file = new TextEncoder().encode(`${UNKNOWN_ID}\n`);
      const sent = await stage.server.client.importFeedbackFile(file, { type: 'return' });
      return 'job' in sent ? sent.job.id : UNKNOWN_ID;
    }),
  },
  lookUpListItem: {
    200: recipe('a value that is on the list', async (stage) => {
      const list = await stage.newList();
      await stage.server.api('POST', `/lists/${list}/items`, { values: ['ada@example.com'] });
      return { params: { list, value: 'ada@example.com' } };
    }),
    absence: recipe('a value that is not on it', async (stage) => ({
      params: { list: await stage.newList(), value: 'ada@example.com' },
    })),
    not_found: recipe('a list that is not there', () => ({ params: { list: UNKNOWN_ID, value: 'ada@example.com' } })),
  },
  listRecipientHealth: { 200: asIs },
  closeCircuit: {
    202: withId('a recipient whose circuit is open', (stage) => stage.newOpenCircuit()),
    conflict: withId('a recipient without an open circuit', () => UNKNOWN_ID),
  },
  listFields: {
    200: asIs,
    not_found: recipe('`flow_id` that nothing has', () => ({ query: `flow_id=${UNKNOWN_ID}` })),
  },
  createField: {
    201: recipe('a field', (stage) => ({ body: { id: stage.newName(), name: 'Shoe size', type: 'number' } })),
    id_taken: recipe('the id of a field that is there', () => ({ body: { id: 'email', name: 'Mail', type: 'email' } })),
  },
  readField: { 200: withId('a field', () => 'email') },
  replaceField: {
    200: withId('a field', (stage) => stage.newField(), { body: { name: 'Shoes', type: 'number' } }),
    standard_field: withId('a standard field', () => 'email', { body: { name: 'Mail', type: 'email' } }),
  },
  removeField: {
    200: withId('a field', (stage) => stage.newField()),
    202: withId('a field that a flow uses', async (stage) => {
      const id = await stage.newField();
      await stage.newFlow({ fields: ['email', id] });
      return id;
    }),
    standard_field: withId('a standard field', () => 'email'),
  },
  readAccount: { 200: asIs },
  changeAccount: { 200: withExample },
  listPeriods: { 200: asIs },
  signIn: {
    201: recipe('a user', async (stage) => ({ body: { email: (await stage.newUser()).email, password: PASSWORD } })),
    sign_in_failed: recipe('a wrong password', async (stage) => ({
      body: { email: (await stage.newUser()).email, ...wrongPassword },
    })),
    second_factor_required: recipe('a user with a second factor, without a code', async (stage) => ({
      body: { email: (await stage.newSecondFactor()).email, password: PASSWORD },
    })),
    too_many_attempts: recipe('after many failures', async (stage) => {
      const email = `${stage.newName()}@example.com`;
      await stage.lock(email);
      return { body: { email, password: PASSWORD } };
    }),
  },
  readSession: { 200: asIs },
  signOut: { 200: asNew('a session', () => ({})) },
  readOwnUser: { 200: asIs },
  listRoles: { 200: asIs },
  changeOwnUser: { 200: withExample },
  changeOwnPassword: {
    200: asNew('the password', () => ({ body: newPassword })),
    too_many_attempts: asNew('after many failures', () => ({ body: newPassword }), lock),
  },
  readOwnSettings: { 200: asIs },
  replaceOwnSettings: { 200: withExample },
  listOwnSessions: { 200: asIs },
  removeOwnSession: { 200: asNew('a session', ({ sessionId }) => ({ params: { id: sessionId } })) },
  beginSecondFactor: {
    200: asNew('the password', () => ({ body: { password: PASSWORD } })),
    too_many_attempts: asNew('after many failures', () => ({ body: { password: PASSWORD } }), lock),
  },
  confirmSecondFactor: {
    200: recipe('a code of the app', async (stage) => {
      const { secret, ...session } = await stage.newPendingSecondFactor();
      return { as: session, body: { code: codeOf(secret, 0) } };
    }),
    conflict: asNew('before it was begun', () => ({ body: { code: '000000' } })),
    too_many_attempts: recipe('after many failures', async (stage) => {
      const { secret, ...session } = await stage.newPendingSecondFactor();
      await stage.lock(session.email);
      return { as: session, body: { code: codeOf(secret, 0) } };
    }),
  },
  removeSecondFactor: {
    200: recipe('the password and a code', async (stage) => {
      const { secret, ...session } = await stage.newSecondFactor();
      return { as: session, body: { password: PASSWORD, code: codeOf(secret, 1) } };
    }),
    conflict: asNew('without a second factor', () => ({ body: { password: PASSWORD, code: '000000' } })),
    too_many_attempts: recipe('after many failures', async (stage) => {
      const { secret, ...session } = await stage.newSecondFactor();
      await stage.lock(session.email);
      return { as: session, body: { password: PASSWORD, code: codeOf(secret, 1) } };
    }),
  },
  listUsers: { 200: asIs },
  inviteUser: {
    201: recipe('an address', (stage) => ({ body: { email: `${stage.newName()}@example.com`, role: 'editor' } })),
    email_taken: recipe('the address of a user', async (stage) => ({
      body: { email: (await stage.newUser()).email, role: 'editor' },
    })),
  },
  readUser: { 200: withId('a user', newUserId) },
  changeUser: {
    200: withId('a user', newUserId, { body: { role: 'analyst' } }),
    last_owner: recipe('another role for the last owner', async (stage) => ({
      ...(await lastOwnerId(stage)),
      body: { role: 'analyst' },
    })),
  },
  removeUser: { 200: withId('a user', newUserId), last_owner: recipe('the last owner', lastOwnerId) },
  inviteUserAgain: {
    200: withId('a user', newUserId),
    conflict: withId('a disabled user', async (stage) => {
      const id = await newUserId(stage);
      await stage.server.api('PUT', `/users/${id}`, { disabled: true });
      return id;
    }),
  },
  removeUserSecondFactor: { 200: withId('a user', newUserId) },
  readInvitation: {
    200: recipe('the token of a link', async (stage) => ({ body: { token: (await stage.newInvitation()).token } })),
    not_found: withExample,
  },
  acceptInvitation: {
    200: recipe('the token of a link', async (stage) => ({
      body: { token: (await stage.newInvitation()).token, password: PASSWORD },
    })),
    not_found: withExample,
  },
  readWelcome: {
    200: recipe('the token of a link', async (stage) => ({ body: { token: await stage.newWelcome() } })),
    not_found: withExample,
  },
  acceptWelcome: {
    201: recipe('the token of a link', async (stage) => ({
      body: await welcomeOf(stage, `${stage.newName()}@example.com`),
    })),
    not_found: withExample,
    email_taken: recipe('the address of a user', async (stage) => ({
      body: await welcomeOf(stage, (await stage.newUser()).email),
    })),
    invalid_document: recipe('a password that is too short', async (stage) => ({
      body: { ...(await welcomeOf(stage, 'ann@example.com')), password: 'short' },
    })),
  },
  listPackages: { 200: asIs },
  readPackage: { 200: withId('a package', () => 'leadconduit-default') },
  listModules: { 200: asIs },
  readModule: { 200: withId('a module', () => 'leadconduit-default.inbound') },
  listTypes: { 200: asIs },
  listApiKeys: { 200: asIs },
  createApiKey: { 201: recipe('a role', (stage) => ({ body: { name: stage.newName(), role: 'analyst' } })) },
  readApiKey: { 200: withId('a key', newKeyId) },
  listApiKeyRequests: { 200: withId('a key', newKeyId) },
  rotateApiKey: {
    200: withId('a key', newKeyId, { body: {} }),
    conflict: withId('a key that was revoked', revokedKeyId, { body: {} }),
  },
  revokeApiKey: { 200: withId('a key', newKeyId), conflict: withId('a key that was revoked', revokedKeyId) },
  listActivity: { 200: asIs },
  readActivity: {
    200: withId('an entry', async ({ server }) => (await server.api('GET', '/activity')).body[0].id),
  },
  listChangelogs: { 200: asIs },
  readChangelog: {
    200: withId('an entry', async ({ server }) => (await server.api('GET', '/activity')).body[0].id),
  },
  readFlowSchema: { 200: asIs },
  readOpenApi: { 200: asIs },
  readStatus: { 200: asIs },
  readLiveness: { 200: asIs },
  readReadiness: { 200: asIs, unavailable: recipe('while the database is away', () => ({ server: 'away' })) },
  readMetrics: { 200: asIs },
  submitLead: { ...submitRecipes({ body: LEAD }), ...BODY_RECIPES },
  submitLeadByQuery: { ...submitRecipes({ query: LEAD_QUERY }), ...QUERY_RECIPES },
  pingSource: { ...pingRecipes({ body: LEAD }), ...BODY_RECIPES },
  submitToRouter: throughRouter({ ...submitRecipes({ body: LEAD }), ...BODY_RECIPES }),
  submitToRouterByQuery: throughRouter({ ...submitRecipes({ query: LEAD_QUERY }), ...QUERY_RECIPES }),
  pingRouter: throughRouter({ ...pingRecipes({ body: LEAD }), ...BODY_RECIPES }),
  pingRouterByQuery: throughRouter({ ...pingRecipes({ query: LEAD_QUERY }), ...QUERY_RECIPES }),
  pingSourceByQuery: { ...pingRecipes({ query: LEAD_QUERY }), ...QUERY_RECIPES },
  receiveFeedback: {
    ...feedbackRecipes({ body: CONVERSION }),
    malformed_body: recipe('gzip that is none', () => ({
      ...{ body: CONVERSION, headers: { 'Content-Encoding': 'gzip' } },
    })),
    unparsable: recipe('half of a JSON body', () => ({ text: '{"a":' })),
    request_timeout: recipe('a body that stops to come', () => ({
      headers: { 'Content-Type': 'application/json', 'Content-Length': '10' },
    })),
    body_too_large: recipe('a body one byte longer than the bound', (_stage, { bodyBytesMax = 0 }) => ({
      text: ' '.repeat(bodyBytesMax + 1),
    })),
    unsupported_media_type: recipe('a charset that does not exist', () => ({
      ...{ body: CONVERSION, headers: { 'Content-Type': 'application/json; charset=nonsense' } },
    })),
    content_type_unsupported: recipe('a body as CSV', () => ({ text: 'a,b', headers: { 'Content-Type': 'text/csv' } })),
    content_type_required: recipe('a body without a type', () => ({ text: 'a,b', headers: { 'Content-Type': '' } })),
  },
  receiveFeedbackByQuery: {
    ...feedbackRecipes({ query: 'type=conversion' }),
    malformed_body: recipe('a GET with a body', () => ({ body: CONVERSION })),
    unsupported_media_type: recipe('a transfer coding other than chunked', () => ({
      headers: { 'Transfer-Encoding': 'gzip, chunked' },
    })),
  },
};

function pricingServiceBody(stage: Stage): object {
  return { name: stage.newName(), url: stage.server.recipient.url, variables: ['lead.state'] };
}

function destinationBody(stage: Stage): object {
  const { url } = stage.server.recipient;
  return { name: stage.newName(), actions: [{ name: 'Add lead', action_id: 'add', webhook_url: url }] };
}

async function newPostingLink({ server }: Stage, { params }: Sent): Promise<{ id: string; url: string }> {
  const path = `/flows/${params?.['flow_id']}/sources/${params?.['source_id']}/posting_links`;
  return (await server.api('POST', path, {})).body;
}

/** The token of a link, asked by a stranger. */
async function openedLink(stage: Stage): Promise<Sent> {
  const { url } = await newPostingLink(stage, submitTo(await stage.newFlow()));
  return { params: { token: new URL(url).pathname.slice('/submission/'.length) }, as: 'nobody' };
}

async function newReportLink(stage: Stage): Promise<Sent> {
  const { token } = (await stage.server.api('POST', `/reports/${await newReportId(stage)}/share`, {})).body;
  return { params: { token }, as: 'nobody' };
}

/** What is read by a link; too often, from an address of its own. */
function readingByLink(address: string): RecipesOfRoute {
  return {
    200: recipe('a link', openedLink),
    not_found: recipe('a token that opens nothing', () => ({ params: { token: 'unknown' }, as: 'nobody' })),
    too_many_attempts: recipe('after many requests of the same address', (stage, { path }) =>
      askedTooOften(stage, { address, path, ...PAGE_REQUESTS }),
    ),
  };
}

/** What is under way beside the request that is judged: one of them takes what fills again. */
const ASKERS_MEANWHILE = 8;
const ASKED_MEANWHILE = 30;

/** The same of a shared report. */
function openingByLink(address: string): RecipesOfRoute {
  return {
    200: recipe('a link', newReportLink),
    too_many_attempts: recipe('after many requests of the same address', (stage, { path }) =>
      askedTooOften(stage, { address, path, ...VIEWS_OF_ADDRESS }),
    ),
  };
}

/** By an address of its own, which a trusted proxy names: the others are not refused with it. */
async function askedTooOften(
  { server }: Stage,
  { address, most, path, body }: { address: string; most: number; path: string; body?: unknown },
): Promise<Sent> {
  const headers = { 'X-Forwarded-For': address };
  const json = { ...headers, 'Content-Type': 'application/json' };
  const asked =
    body === undefined ? { method: 'GET', headers } : { method: 'POST', headers: json, body: JSON.stringify(body) };
  const url = server.url + path.replace(':token', 'unknown');
  // Until the first is refused: a supply fills again, and the others keep it empty meanwhile, on a slow machine too.
  await new Promise<void>((resolve, reject) => {
    const one = async () => {
      if ((await ask(url, asked)).status === 429) resolve();
    };
    Promise.all(Array.from({ length: 2 * most }, one)).then(() => resolve(), reject);
  });
  const goOn = async () => {
    for (let count = 0; count < ASKED_MEANWHILE; count += 1) await ask(url, asked);
  };
  // The server may end before they are answered.
  for (let asker = 0; asker < ASKERS_MEANWHILE; asker += 1) goOn().catch(() => undefined);
  return { params: { token: 'unknown' }, headers, ...(body === undefined ? {} : { body }), as: 'nobody' };
}

async function welcomeOf(stage: Stage, email: string): Promise<object> {
  return { token: await stage.newWelcome(), email, password: PASSWORD };
}

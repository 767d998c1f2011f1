import { emailKey } from '../../src/access/users/lockout.ts';
import { hashToken } from '../../src/access/users/token.ts';
import type { Config } from '../../src/config.ts';
import { FEEDBACK_PER_LEAD_MAX } from '../../src/feedback/feedback.ts';
import { createIds } from '../../src/lib/ids.ts';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';
import { openDatabaseWire } from '../harness/database-wire.ts';
import { ask, type ComposedServer, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { deliveryTo, flowOf, sourceNamed } from '../system/flows.ts';
import { codeOf, PASSWORD } from './person.ts';

/** What recipes ask with and about. Whatever a recipe changes is made for it alone. */
export interface Stage {
  server: ComposedServer;
  /** Of a server that runs with a table of keys, sessions, users and failures that no statement finds. */
  failing: ComposedServer;
  /** Of a server whose database went away, with a flow that was deployed before. */
  away: { server: ComposedServer; flow: Flow };
  newId(): string;
  /** A name that nothing has. */
  newName(): string;
  /** A deployed flow that nothing changes. */
  flow: Flow;
  newFlow(parts?: object): Promise<Flow>;
  /** Saved and not deployed, because it cannot run. */
  newBrokenFlow(): Promise<Flow>;
  /** Its id, of a lead that one recipient bought. */
  submitLead(): Promise<{ leadId: string; eventId: string }>;
  /** A lead that a recipient bought which may send feedback; its returns wait for a decision. */
  sellWithFeedback(): Promise<{ leadId: string; eventId: string; recipientId: string }>;
  /** As much feedback as a lead can have. */
  fillFeedback(leadId: string): Promise<void>;
  /** A return that waits for a decision. */
  newReturn(): Promise<string>;
  /** A delivery that is tried again, with this status. */
  newRetry(status?: string): Promise<string>;
  /** Of leads of a flow that is switched off, or of another type of event. */
  newProblem(type?: string): Promise<string>;
  /** The event of a delivery that may have arrived. */
  newUnknown(): Promise<string>;
  newJob(state: string): Promise<string>;
  /** An import of leads into the flow of the stage, in this state. */
  newLeadImport(state: string): Promise<string>;
  /** The recipient of a circuit that is open. */
  newOpenCircuit(): Promise<string>;
  /** Of a deployed flow whose cap took one lead. */
  newCap(): Promise<string>;
  /** A ping that a lead has redeemed, and a limit that counted it. */
  newPing(): Promise<{ id: string; flowId: string; limitId: string }>;
  /** The name of a list of texts, which is also its name in addresses. */
  newList(): Promise<string>;
  newDestination(): Promise<Destination>;
  /** Its id. */
  /** A router with one route. */
  newRouter(flowId: string, sourceId: string): Promise<string>;
  newPricingService(): Promise<string>;
  /** The id of a batch without a recipient. */
  newBatch(): Promise<string>;
  /** A batch with a file that waits, and the file's id. */
  newBatchFile(): Promise<{ id: string; file_id: string }>;
  batchBody(): Promise<object>;
  newCredential(): Promise<string>;
  newField(): Promise<string>;
  newKey(body: object): Promise<{ id: string; key: string }>;
  /** Invited, and not more. */
  newInvitation(key?: string): Promise<{ id: string; email: string; token: string }>;
  /** The token of a welcome link, of an account that nobody has signed in to. */
  newWelcome(): Promise<string>;
  /** Can sign in; of the role of an editor unless said otherwise. */
  newUser(wanted?: { role?: string; key?: string }): Promise<{ id: string; email: string }>;
  /** The session of a new owner. */
  newSession(): Promise<Session>;
  /** The session of an owner, which nothing ends. */
  session: Session;
  /** An owner whose second factor has been begun, with the secret of it. */
  newPendingSecondFactor(): Promise<Session & { secret: string }>;
  /** An owner whose second factor is on. */
  newSecondFactor(): Promise<Session & { secret: string }>;
  /** Has failed so often that the next attempt must wait. */
  lock(email: string): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: recipes look into answers of every shape
export type Flow = any;
export type Destination = { instance_id: string; actions: object[] } & Record<string, unknown>;

export interface Session {
  userId: string;
  email: string;
  sessionId: string;
  cookie: string;
  csrf: string;
}

/** So many that the next attempt waits for minutes. */
const FAILURES = 20;

/** `given`: what the whole server runs with, a database of its own with a standby for example. */
export async function openStage(
  given: { config?: Partial<Config>; database?: TestDatabase } = {},
): Promise<Stage & { close(): Promise<void> }> {
  const [server, failing, away] = [
    // A duty fails jobs that are not in the queue, as those of recipes are.
    await startTestServer(
      { isDistributionStepEnabled: true, dutyPace: 1, trustedProxies: ['127.0.0.1/32'], ...given.config },
      given.database,
    ),
    await startFailing(),
    await startAway(),
  ];
  const stage = await fill(server);
  return {
    ...stage,
    failing,
    away,
    close: async () => {
      await server.stop();
      await failing.stop();
      await away.stop();
    },
  };
}

/** Everybody is authenticated by a statement, so that each row behind a key, a session or a link fails. */
async function startFailing(): Promise<ComposedServer> {
  const server = await startTestServer();
  for (const table of ['api_keys', 'sessions', 'users', 'sign_in_failures', 'posting_links'])
    await server.query(`alter table ${table} rename to ${table}_away`);
  return server;
}

async function startAway(): Promise<{ server: ComposedServer; flow: Flow; stop(): Promise<void> }> {
  const database = await createTestDatabase();
  const wire = await openDatabaseWire(database);
  const server = await startTestServer({}, { ...database, connection: wire.connection });
  const flow = await server.deploy(flowOf([], { ping_enabled: true }));
  await wire.close();
  return { server, flow, stop: () => server.stop() };
}

async function fill(server: ComposedServer): Promise<Omit<Stage, 'failing' | 'away'>> {
  const ids = createIds({ now: Date.now, random: Math.random });
  let names = 0;
  const newName = () => {
    names += 1;
    return `made_${names}`;
  };
  let fileServer = '';
  const batchBody = async () => {
    const credential = { name: 'Files', type: 'sftp', host: 'files.example.com', username: 'acme', password: 'horse' };
    fileServer ||= (await made('POST', '/credentials', credential)).id;
    const target = { type: 'sftp', credential_id: fileServer, path: '/in' };
    return { name: newName(), columns: [{ name: 'email' }], target };
  };
  const made = async (method: string, path: string, body?: object, key?: string) => {
    const answer = await server.api(method, path, body, key === undefined ? {} : { key });
    if (answer.status >= 300) throw new Error(`${method} ${path} was not done: ${answer.text}`);
    return answer.body;
  };
  const newFlow: Stage['newFlow'] = (parts = {}) =>
    server.deploy(
      flowOf([deliveryTo(server.recipient.url, { retry_enabled: true, idempotent: true })], {
        ping_enabled: true,
        sources: [
          sourceNamed('Search ads'),
          sourceNamed('Disabled', { enabled: false }),
          sourceNamed('With a key', { authentication_required: true }),
          sourceNamed('One page', { allowed_origins: ['https://www.example.com'] }),
        ],
        ...parts,
      }),
    );
  const flow = await newFlow();
  const submitLead = async () => {
    const { body } = await server.submit(flow, { email: `${newName()}@example.com` });
    const lead = await made('GET', `/leads/${body.lead.id}`);
    return { leadId: lead.id, eventId: lead.events[0].id, stepId: lead.events[0].step_id };
  };
  const returnable = await newFlow({
    steps: [
      deliveryTo(server.recipient.url, {
        feedback: {
          returns: { enabled: true, approval: { deadline: { value: 7, interval: 'day' }, default: 'accept' } },
          conversions: { enabled: true },
        },
      }),
    ],
  });
  const sellWithFeedback = async () => {
    const { body } = await server.submit(returnable, { email: `${newName()}@example.com` });
    const lead = await made('GET', `/leads/${body.lead.id}`);
    return { leadId: lead.id, eventId: lead.events[0].id, recipientId: returnable.steps[0].entity.id };
  };
  const recipientId: string = flow.steps[0].entity.id;
  const placeOf = { accountId: server.account.id, flowId: flow.id, sourceId: flow.sources[0].entity.id };
  const newInvitation: Stage['newInvitation'] = async (key) => invite({ role: 'editor', key });
  const invite = async ({ role, key }: { role: string; key?: string | undefined }) => {
    const user = await made('POST', '/users', { email: `${newName()}@example.com`, role }, key);
    return { id: user.id, email: user.email, token: user.invitation.url.split('#')[1] };
  };
  const newWelcome: Stage['newWelcome'] = async () => {
    const token = newName();
    await server.query(
      `with account as (
         insert into accounts select (jsonb_populate_record(a, jsonb_build_object('id', $1::text))).* from accounts a
          where id = $2 returning id)
       insert into welcome_links (token_hash, account_id, created_at, expires_at)
       select $3, id, now(), now() + interval '1 hour' from account`,
      [ids.next(), server.account.id, hashToken(token)],
    );
    return token;
  };
  const newUser: Stage['newUser'] = async ({ role = 'editor', key } = {}) => {
    const { id, email, token } = await invite({ role, key });
    await made('POST', '/invitations/accept', { token, password: PASSWORD });
    return { id, email };
  };
  const newSession = async (): Promise<Session> => {
    const { id, email } = await newUser({ role: 'owner' });
    const answer = await server.api('POST', '/session', { email, password: PASSWORD }, { key: null });
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    return { userId: id, email, sessionId: answer.body.id, cookie, csrf: answer.body.csrf_token };
  };
  /** Asks as a page of the console does. */
  const post = async (session: Session, path: string, body: object) => {
    const headers = { Cookie: session.cookie, 'X-CSRF-Token': session.csrf, 'Content-Type': 'application/json' };
    const answer = await ask(`${server.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return { body: answer.body, cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? session.cookie };
  };
  const newPendingSecondFactor = async () => {
    const session = await newSession();
    return { ...session, secret: (await post(session, '/user/second_factor', { password: PASSWORD })).body.secret };
  };
  return {
    server,
    newId: ids.next,
    newName,
    flow,
    newFlow,
    newBrokenFlow: () => made('POST', '/flows', flowOf([], { fields: ['unheard_of'] })),
    submitLead,
    sellWithFeedback,
    fillFeedback: async (leadId) => {
      await server.query(
        `insert into feedback (account_id, id, lead_id, flow_id, source_id, step_id, recipient_id, delivery_event_id,
           type, status, received_at)
         select $1, lpad(n::text, 24, '0'), $2, $3, $4, '1aacd0', $5, $2, 'conversion', 'accepted', now()
           from generate_series(1, ${FEEDBACK_PER_LEAD_MAX}) n`,
        [placeOf.accountId, leadId, placeOf.flowId, placeOf.sourceId, recipientId],
      );
    },
    newReturn: async () => {
      const { eventId } = await sellWithFeedback();
      await ask(`${server.url}/feedback?event_id=${eventId}&type=return`, { method: 'GET' });
      const [found] = await server.query('select id from feedback order by id desc limit 1');
      return String(found?.['id']);
    },
    newRetry: async (status = 'waiting') => {
      const { leadId, eventId, stepId } = await submitLead();
      const id = ids.next();
      await server.query(
        `insert into retries (account_id, id, lead_id, event_id, flow_id, source_id, step_id, recipient_id, status,
           next_attempt_at, last_outcome, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now() + interval '1 day', 'error', now(), now())`,
        [placeOf.accountId, id, leadId, eventId, placeOf.flowId, placeOf.sourceId, stepId, recipientId, status],
      );
      return id;
    },
    newProblem: async (type = 'source') => {
      const off = await newFlow({ enabled: false });
      await server.submit(off, { email: `${newName()}@example.com` });
      const find = async () => (await made('GET', `/problems?flow_id=${off.id}`)).problems[0];
      await until('the problem is counted', async () => (await find()) !== undefined);
      if (type === 'source') return (await find()).id;
      await server.query(
        `update event_kinds set type = $1 where account_id = $2 and flow_id = $3 and type = 'source'`,
        [...[type, placeOf.accountId, off.id]],
      );
      return (await find()).id;
    },
    newUnknown: async () => {
      const { leadId, eventId, stepId } = await submitLead();
      await server.query(
        `insert into unknowns (account_id, event_id, lead_id, flow_id, source_id, step_id, recipient_id, holds,
           happened_at)
         values ($1, $2, $3, $4, $5, $6, $7, '{"version":1,"caps":[],"lists":[]}', now())`,
        [placeOf.accountId, eventId, leadId, placeOf.flowId, placeOf.sourceId, stepId, recipientId],
      );
      return eventId;
    },
    newJob: async (state) => {
      const id = ids.next();
      await server.query(
        `insert into jobs (account_id, id, kind, state, asked_by, input, created_at, updated_at, ended_at, node_id)
         values ($1, $2, 'resubmit', $3, '{"kind":"key","id":"k","name":"Ann"}', '{}', now(), now(), $4,
           (select id from nodes limit 1))`,
        [placeOf.accountId, id, state, state === 'done' ? new Date() : null],
      );
      return id;
    },
    newLeadImport: async (state) => {
      const id = ids.next();
      const column = { name: 'E-Mail', field: 'email', confidence: 1, because: 'name', fits: 1 };
      const input = {
        ...{ flowId: flow.id, sourceId: flow.sources[0].entity.id, encoding: 'ascii', isGzip: false, delimiter: null },
        ...{
          hasHeader: true,
          columns: [column],
          constants: {},
          takesInvalid: false,
          ratePerSecond: 1,
          isConfirmed: false,
        },
      };
      await server.query(
        `insert into jobs (account_id, id, kind, state, asked_by, input, created_at, updated_at, ended_at)
         values ($1, $2, 'import-leads', $3, '{"kind":"key","id":"k","name":"Ann"}', $4, now(), now(), $5)`,
        [placeOf.accountId, id, state, JSON.stringify(input), state === 'done' ? new Date() : null],
      );
      return id;
    },
    newCap: async () => {
      const cap = { type: 'volume', maximum: 10, duration: 1, duration_units: 'month' };
      const capped = await newFlow({ caps: [cap] });
      await server.submit(capped, { email: `${newName()}@example.com` });
      return capped.caps[0].id;
    },
    newPing: async () => {
      const limit = { maximum: 10, duration: 1, duration_units: 'month' };
      const pricing = { override: false, prices: [{ amount: 5 }] };
      const pinged = await newFlow({ ping_limits: [limit], pricing });
      const url = `${server.url}/flows/${pinged.id}/sources/${pinged.sources[0].entity.id}/ping?state=TX`;
      const id = (await ask(url, {})).headers.get('x-ping-id') ?? '';
      await server.submit(pinged, { state: 'TX', ping_id: id });
      return { id, flowId: pinged.id, limitId: pinged.ping_limits[0].id };
    },
    newList: async () => (await made('POST', '/lists', { name: newName() })).url_name,
    newOpenCircuit: async () => {
      const id = ids.next();
      await server.query(
        `insert into recipient_health (account_id, recipient_id, origin, node_id, state, running, waiting, waited,
           requests, errors, opened_at, next_probe_at, reported_at)
         values ($1, $2, 'https://buyer.test', (select id from nodes limit 1), 'open', 0, 0, 0, 20, 20, now(), now(),
           now())`,
        [placeOf.accountId, id],
      );
      return id;
    },
    newDestination: async () => {
      const { secret: _, ...destination } = await made('POST', '/destinations', {
        name: newName(),
        actions: ['add', 'note'].map((action) => ({
          name: action,
          action_id: action,
          webhook_url: `${server.recipient.url}${action}`,
        })),
      });
      return destination;
    },
    newRouter: async (flowId, sourceId) =>
      (await made('POST', '/routers', { routes: [{ flow_id: flowId, source_id: sourceId }] })).id,
    newPricingService: async () => {
      const service = { name: newName(), url: server.recipient.url, variables: ['lead.state'] };
      return (await made('POST', '/pricing_services', service)).id;
    },
    batchBody,
    newBatch: async () => (await made('POST', '/batches', await batchBody())).id,
    newBatchFile: async () => {
      const { id } = await made('POST', '/batches', await batchBody());
      const fileId = ids.next();
      await server.query(
        `insert into batch_files (account_id, id, batch_id, name, content_type, row_count, byte_count, state, created_at, expires_at)
         select account_id, $2, id, 'leads.csv', 'text/csv', 0, 0, 'delivered', now(), now() + interval '1 day'
           from batches where id = $1`,
        [id, fileId],
      );
      return { id, file_id: fileId };
    },
    newCredential: async () =>
      (await made('POST', '/credentials', { name: newName(), type: 'user', username: 'acme', password: 'horse' })).id,
    newField: async () => (await made('POST', '/fields', { id: newName(), name: 'Shoe size', type: 'number' })).id,
    newKey: (body) => made('POST', '/api_keys', { name: newName(), ...body }),
    newInvitation,
    newWelcome,
    newUser,
    newSession,
    session: await newSession(),
    newPendingSecondFactor,
    newSecondFactor: async () => {
      const pending = await newPendingSecondFactor();
      const { body, cookie } = await post(pending, '/user/second_factor/confirm', { code: codeOf(pending.secret, 0) });
      return { ...pending, cookie, csrf: body.csrf_token };
    },
    lock: async (email) => {
      await server.query(
        `insert into sign_in_failures (key, failures, last_at) values ($1, $2, now())
         on conflict (key) do update set failures = excluded.failures, last_at = excluded.last_at`,
        [emailKey(email).text, FAILURES],
      );
    },
  };
}

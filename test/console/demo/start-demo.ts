import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openClient, submitPath } from '../../../bench/flow-api.ts';
import { seedDatabase } from '../../../bench/seed/seed-database.ts';
import { untilCounted } from '../../../bench/seed/until-counted.ts';
import { type ServerProcess, startSluice } from '../../../bench/sluice-server.ts';
import type { Client, Flow } from '../../../client/src/client.ts';
import type { Cap } from '../../../src/model/cap.ts';
import type { FlowDocument, Step } from '../../../src/model/flow.ts';
import { withDatabase } from '../../chaos/stage.ts';
import { openTestRecipient, type TestRecipient } from '../../harness/recipient.ts';
import { deliveryTo, flowOf, sourceNamed, when } from '../../system/flows.ts';
import { LONG_NAME } from '../harness/fill.ts';
import { PASSWORD } from '../harness/sign-in.ts';

/** An installation as the console is judged on: a month of leads, and what needs somebody’s attention. */
export interface Demo {
  url: string;
  /** Of an owner, who signs in with `PASSWORD`. */
  email: string;
  client: Client;
  /** A lead of each outcome, of leads that came just now. */
  leads: { success: string; failure: string; error: string };
  flowId: string;
  sourceId: string;
  /** Of the page that vendors of the source read: `/submission/TOKEN`. */
  postingPath: string;
  /** Of a group of failures. */
  problemId: string;
  /** Who bought leads. */
  recipientId: string;
  listId: string;
  credentialId: string;
  batchId: string;
  /** Of a report of the account. */
  reportId: string;
  /** Of the page of a report that is shared. */
  sharedPath: string;
  /** Of the import that runs. */
  jobId: string;
  stop(): Promise<void>;
}

export interface DemoOptions {
  leads: number;
  days: number;
  say(sentence: string): void;
}

/** The seed makes the same leads each time, but for their times. */
const SEED = 14;
const ZONE = 'America/Chicago';
const EMAIL = 'olivia@example.com';
/** At a row a second the import runs as long as pictures are taken. */
const IMPORT_ROWS = 2_000;
const NEW_LEADS = 16;
/** Of the leads of today, every so many has no phone. */
const WITHOUT_PHONE = 5;

/**
 * Seeds a database, starts a server on it, and adds what a seed does not have: a flow with a name of eighty characters, a cap that
 * is full, a recipient that fails now, leads of today, and a job that runs.
 */
export async function startDemo({ leads, days, say }: DemoOptions): Promise<Demo> {
  const home = mkdtempSync(join(tmpdir(), 'sluice-demo-'));
  // As root the embedded server runs under another account, which has to get in.
  chmodSync(home, 0o755);
  const dataDir = join(home, 'data');
  const filled = await seedDatabase({
    ...{ leads, days, seed: SEED, dataDir, say },
    appends: false,
    logPath: join(home, 'seed.log'),
  });
  if (typeof filled === 'string') throw new Error(filled);
  const server = await startSluice({ dataDir, logPath: join(home, 'server.log'), warmSeconds: 0 });
  const recipient = await openTestRecipient();
  const stop = async () => {
    await server.stop();
    await recipient.close();
    rmSync(home, { recursive: true, force: true });
  };
  try {
    const { imports, ...made } = await addWhatNeedsAttention(server, recipient);
    const ms = await withDatabase(dataDir, (db) => untilCounted(db));
    say(`counted after ${(ms / 1000).toFixed(0)} s`);
    // A lead of it waits to be counted nearly always.
    const jobId = await startImport(made.client, imports);
    const problemId = (await made.client.listProblems()).problems[0]?.id ?? '';
    return { ...made, jobId, problemId, url: `http://127.0.0.1:${server.port}`, email: EMAIL, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function addWhatNeedsAttention(
  server: ServerProcess,
  recipient: TestRecipient,
): Promise<Omit<Demo, 'url' | 'email' | 'problemId' | 'jobId' | 'stop'> & { imports: ImportTarget }> {
  const client = openClient(server);
  await client.changeAccount({ time_zone: ZONE });
  await addOwner(client);
  recipient.answerWith(({ path, body }) => {
    if (path === '/fails') return { status: 503, body: 'Service Unavailable' };
    if (body.includes('"NY"'))
      return { body: { outcome: 'failure', reason: 'The campaign buys nothing in this state' } };
    return { body: { outcome: 'success', price: 12.5 } };
  });
  const priced = { pricing: { override: true, prices: [] } };
  const sells = deliveryTo(
    recipient.url,
    { entity: { name: 'Summit Home Buyers' }, ...priced },
    { price_path: 'price' },
  );
  const fails = deliveryTo(`${recipient.url}fails`, {
    entity: { name: 'Old Mill CRM, the one that we leave this year' },
    retry_enabled: true,
  });
  const cap = { name: 'Texas daily', type: 'volume', maximum: 5, duration: 1, duration_units: 'day' } as const;
  const { id: flowId, sources } = await deploy(client, {
    ...flowOf([NO_PHONE, sells, fails], {
      name: LONG_NAME,
      sources: [sourceNamed('Search ads'), sourceNamed('מקור הלידים הראשי')],
    }),
    caps: [{ ...cap, time_zone: ZONE }, ...OTHER_CAPS],
  });
  const off = await deploy(client, flowOf([sells], { name: 'Switched off', enabled: false }));
  const sourceId = sources[0] ?? '';
  const kept = await addLibrary(client);
  const imported = await deploy(
    client,
    flowOf([sells, NOT_SOLD], {
      name: 'Roofing, trade fair',
      sources: [sourceNamed('Trade fair, paper forms')],
      acceptance_criteria: {
        rule_set: when('lead.state', 'is included in', 'TX,CA,NY'),
        reason: 'State {{lead.state}} is not bought',
      },
    }),
  );
  await changeTwice(client, flowId, kept.listName);
  const submitted: string[] = [];
  for (let sent = 0; sent < NEW_LEADS; sent += 1)
    submitted.push(await submit(server, submitPath(flowId, sourceId), sent));
  const error = await submit(server, submitPath(off.id, off.sources[0] ?? ''), NEW_LEADS);
  const { url } = await client.createPostingLink(flowId, sourceId, { shows_caps: true });
  const { steps } = (await client.readFlow(flowId)) as unknown as FlowDocument;
  const sold = steps.find((step) => step.type === 'recipient');
  return {
    ...{ client, flowId, sourceId, postingPath: new URL(url ?? '').pathname },
    imports: { flowId: imported.id, sourceId: imported.sources[0] ?? '' },
    ...{ ...kept, recipientId: sold?.entity?.id ?? '' },
    leads: { success: submitted[0] ?? '', failure: submitted.at(-1) ?? '', error },
  };
}

/** A list with values, a credential that no server is behind, a batch that uses it, and a report. */
async function addLibrary(client: Client) {
  const list = await client.createList({ name: 'Do not call', type: 'phone', ttl: 30 * 86_400 });
  await client.addListItems(list.id, { values: Array.from({ length: 50 }, (_, each) => `512-555-${2000 + each}`) });
  const { id: credentialId } = await client.createCredential({
    ...{ name: 'Files of the buyer', type: 'sftp', host: 'sftp.example.com', port: 22 },
    ...{ host_key: `SHA256:${'A'.repeat(43)}`, username: 'sluice', password: PASSWORD },
  });
  const { id: batchId } = await client.createBatch({
    ...{ name: 'Evening leads', columns: [{ name: 'email', header: 'E-mail' }, { name: 'state' }] },
    ...{
      schedule: { type: 'times', times: ['18:30'] },
      target: { type: 'sftp', credential_id: credentialId, path: '/in' },
    },
  });
  const { id: reportId } = await client.copyReport('stats-by-source', { name: 'Sources of the west' });
  const shown = await client.createReport({
    ...{
      name: 'Leads of each source by day',
      timeframe: 'this_14_days',
      interval: 'daily',
      group_by: ['vars.source.id'],
    },
    columns: [{ 'source-success': true }, { 'source-failure': true }, { cost: true }, { revenue: true }],
  });
  const { token } = await client.shareReport(shown.id, {});
  const sharedPath = `/reports/shared/${token}`;
  return { listId: list.id, listName: list.name, credentialId, batchId, reportId, sharedPath };
}

/** What a draft sets on pages of the editor that would be empty. */
function editedParts(list: string): Partial<FlowDocument> {
  const open = [
    { start: '08:30', end: '12:00' },
    { start: '13:00', end: '17:30' },
  ];
  return {
    hours_of_operation: { time_zone: ZONE, days: { monday: open, tuesday: open, wednesday: open, thursday: open } },
    list_checks: { dnc: { value: '{{lead.phone_1}}', list_name: list } },
    pricing: { prices: [{ amount: 2.25 }, { amount: 4.5, rule_set: when('lead.state', 'is equal to', 'TX') }] },
    acceptance_criteria: { rule_set: when('suppressionlist.is_dnc', 'is not true'), reason: 'On the list' },
  };
}

const OTHER_CAPS: readonly Cap[] = [
  { name: LONG_NAME, type: 'volume', maximum: 2_000, duration: 1, duration_units: 'month', time_zone: ZONE },
  { name: 'Spend of the week', type: 'revenue', maximum: 25_000, duration: 1, duration_units: 'week', time_zone: ZONE },
];

/** A second revision, and a draft that differs from it. */
async function changeTwice(client: Client, flowId: string, list: string): Promise<void> {
  // The document as it is saved; one of the two types is generated.
  const read = async () => (await client.readFlow(flowId)) as unknown as FlowDocument & { revision: number };
  const withCap = (flow: FlowDocument, maximum: number) => ({
    ...flow,
    caps: flow.caps?.map((cap) => (cap.name === 'Texas daily' ? { ...cap, maximum } : cap)),
  });
  const { revision: base, ...first } = await read();
  await client.replaceDraft(flowId, { document: withCap(first, 8) as Flow, base_revision: base, version: null });
  const { version } = await client.readDraft(flowId);
  await client.publishDraft(flowId, { version, note: 'Texas to 8 a day, as agreed with the buyer' });
  const { revision, ...second } = await read();
  const changed = withCap({ ...second, ...editedParts(list), sources: second.sources.slice(0, 1) }, 4);
  await client.replaceDraft(flowId, { document: changed as Flow, base_revision: revision, version: null });
}

const NO_PHONE: Step = {
  type: 'filter',
  reason: 'Phone is missing',
  outcome: 'failure',
  rule_set: when('lead.phone_1', 'is blank'),
};

const NOT_SOLD: Step = {
  type: 'filter',
  reason: 'Nobody bought it',
  outcome: 'failure',
  rule_set: when('summit_home_buyers.outcome', 'is not equal to', 'success'),
};

async function addOwner(client: Client): Promise<void> {
  const { invitation } = await client.inviteUser({ email: EMAIL, role: 'owner' });
  const token = invitation.url.split('#')[1] ?? '';
  await client.acceptInvitation({ token, password: PASSWORD, first_name: 'Olivia', last_name: 'Ortega' });
}

async function deploy(client: Client, document: FlowDocument): Promise<{ id: string; sources: string[] }> {
  // The same document; one of the two types is generated.
  const { id } = await client.createFlow(document as Flow);
  await client.deployFlow(id);
  const { sources } = (await client.readFlow(id)) as Pick<FlowDocument, 'sources'>;
  return { id, sources: sources.map(({ entity }) => entity.id ?? '') };
}

const STATES = ['TX', 'CA', 'NY', 'OH'];

async function submit(server: ServerProcess, path: string, number: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify({ ...personOf(number), ...(number % WITHOUT_PHONE === 3 && { phone_1: '' }) }),
  });
  const body = (await answer.json()) as { lead?: { id: string } };
  if (body.lead === undefined) throw new Error(`a lead was answered ${answer.status}: ${JSON.stringify(body)}`);
  return body.lead.id;
}

function personOf(number: number): Record<string, string> {
  return {
    first_name: number % 3 === 0 ? 'Maximiliana-Alexandrina' : 'Ann',
    last_name: 'Fitzgerald',
    email: `ann.fitzgerald.${number}@example.com`,
    phone_1: `512-555-${String(1000 + number)}`,
    state: STATES[number % STATES.length] ?? 'TX',
  };
}

/** Where the import brings its leads. */
interface ImportTarget {
  flowId: string;
  sourceId: string;
}

/** Of rows that take longer than anybody looks. Returns the id of the job. */
async function startImport(client: Client, { flowId, sourceId }: ImportTarget): Promise<string> {
  const rows = Array.from({ length: IMPORT_ROWS }, (_, row) => Object.values(personOf(row + 100)).join(','));
  const file = `${Object.keys(personOf(0)).join(',')}\n${rows.join('\n')}\n`;
  const started = await client.importLeadFile(new TextEncoder().encode(file), {
    ...{ flow_id: flowId, source_id: sourceId, rate: 1, start: true },
  });
  if (!('job' in started)) throw new Error('the import did not start');
  return started.job.id;
}

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openClient, submitPath } from '../../../bench/flow-api.ts';
import { seedDatabase } from '../../../bench/seed/seed-database.ts';
import { untilCounted } from '../../../bench/seed/until-counted.ts';
import { type ServerProcess, startSluice } from '../../../bench/sluice-server.ts';
import type { Client, Flow } from '../../../client/src/client.ts';
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
const NEW_LEADS = 12;

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
    const made = await addWhatNeedsAttention(server, recipient);
    const ms = await withDatabase(dataDir, (db) => untilCounted(db));
    say(`counted after ${(ms / 1000).toFixed(0)} s`);
    const problemId = (await made.client.listProblems()).problems[0]?.id ?? '';
    return { ...made, problemId, url: `http://127.0.0.1:${server.port}`, email: EMAIL, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function addWhatNeedsAttention(
  server: ServerProcess,
  recipient: TestRecipient,
): Promise<Omit<Demo, 'url' | 'email' | 'problemId' | 'stop'>> {
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
    ...flowOf([sells, fails], {
      name: LONG_NAME,
      sources: [sourceNamed('Search ads'), sourceNamed('מקור הלידים הראשי')],
    }),
    caps: [{ ...cap, time_zone: ZONE }],
  });
  const off = await deploy(client, flowOf([sells], { name: 'Switched off', enabled: false }));
  const sourceId = sources[0] ?? '';
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
  await changeTwice(client, flowId);
  const submitted: string[] = [];
  for (let sent = 0; sent < NEW_LEADS; sent += 1)
    submitted.push(await submit(server, submitPath(flowId, sourceId), sent));
  const error = await submit(server, submitPath(off.id, off.sources[0] ?? ''), NEW_LEADS);
  const { url } = await client.createPostingLink(flowId, sourceId, { shows_caps: true });
  await startImport(client, { flowId: imported.id, sourceId: imported.sources[0] ?? '' });
  return {
    ...{ client, flowId, sourceId, postingPath: new URL(url ?? '').pathname },
    leads: { success: submitted[0] ?? '', failure: submitted.at(-1) ?? '', error },
  };
}

/** A second revision, and a draft that differs from it. */
async function changeTwice(client: Client, flowId: string): Promise<void> {
  // The document as it is saved; one of the two types is generated.
  const read = async () => (await client.readFlow(flowId)) as unknown as FlowDocument & { revision: number };
  const withCap = (flow: FlowDocument, maximum: number) => ({
    ...flow,
    caps: flow.caps?.map((cap) => ({ ...cap, maximum })),
  });
  const { revision: base, ...first } = await read();
  await client.replaceDraft(flowId, { document: withCap(first, 8) as Flow, base_revision: base, version: null });
  const { version } = await client.readDraft(flowId);
  await client.publishDraft(flowId, { version, note: 'Texas to 8 a day, as agreed with the buyer' });
  const { revision, ...second } = await read();
  const changed = withCap({ ...second, sources: second.sources.slice(0, 1) }, 4);
  await client.replaceDraft(flowId, { document: changed as Flow, base_revision: revision, version: null });
}

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
    body: JSON.stringify(personOf(number)),
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

/** Of rows that take longer than anybody looks. */
async function startImport(client: Client, { flowId, sourceId }: { flowId: string; sourceId: string }): Promise<void> {
  const rows = Array.from({ length: IMPORT_ROWS }, (_, row) => Object.values(personOf(row + 100)).join(','));
  const file = `${Object.keys(personOf(0)).join(',')}\n${rows.join('\n')}\n`;
  await client.importLeadFile(new TextEncoder().encode(file), {
    ...{ flow_id: flowId, source_id: sourceId, rate: 1, start: true },
  });
}

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { openEmbeddedPostgres } from '../../src/store/embedded/embedded.ts';
import { openTestRecipient, type RecipientAnswer, type TestRecipient } from '../../test/harness/recipient.ts';
import { until } from '../../test/harness/until.ts';
import { deployFlow, openClient, submitPath } from '../flow-api.ts';
import { type ServerProcess, startSluice } from '../sluice-server.ts';
import { buildFlows, type SeedSource, SOURCES } from './installation.ts';
import { openPool } from './open-pool.ts';
import { type Answer, type Later, SCENARIOS, type Scenario } from './scenarios.ts';
import { compileTemplate, type Marks, type Template } from './template.ts';

/** Tables that hold what a lead or a ping wrote, and the columns their rows are found and sorted by. */
const TABLES = {
  leads: { lead: 'id', order: 'id' },
  lead_data: { lead: 'lead_id', order: 'part' },
  events: { lead: 'lead_id', order: 'seq' },
  retries: { lead: 'lead_id', order: 'id' },
  unknowns: { lead: 'lead_id', order: 'event_id' },
  lead_holds: { lead: 'lead_id', order: 'lead_id' },
  feedback: { lead: 'lead_id', order: 'id' },
  money_entries: { lead: 'lead_id', order: 'id' },
  pings: { lead: 'id', order: 'id' },
} as const;
export type SeedTable = keyof typeof TABLES;
export const SEED_TABLES = Object.keys(TABLES) as SeedTable[];

/** One lead that went through the real pipeline, as rows to be repeated. */
export interface LeadTemplate {
  source: SeedSource;
  scenario: Scenario;
  /** The rows of each table: whole as JSON objects, and each column as text. */
  rows: { table: SeedTable; whole: Template; columns: Record<string, Template | null> }[];
  /** How long after the lead each of its ids was made, ms; the first one is the lead's or the ping's own. */
  ids: { offsetMs: number; isLate: boolean }[];
}

/** The texts that stand for what a person sends, different for each template. */
function personOf(number: number): Record<string, string> {
  return {
    firstName: 'Zephyrine',
    lastName: 'Quillfeather',
    emailUser: `zq.${String(number).padStart(6, '0')}`,
    phone: '5127396418',
    house: '73194',
    street: 'Marlowbrook',
    city: 'Zephyrville',
    reference: `Rzq-${String(number).padStart(7, '0')}`,
  };
}

/** What ids of the database are that is filled. */
export interface TargetIds {
  accountId: string;
  /** By the names of lists. */
  lists: ReadonlyMap<string, string>;
}

const LATER_MS_MAX = 15_000;

/**
 * Runs a lead of every scenario at every source through a server of its own and reads what it has stored. The server and
 * its database are removed again.
 */
export async function runTemplates(target: TargetIds, sources: number): Promise<LeadTemplate[]> {
  const home = mkdtempSync(join(tmpdir(), 'sluice-templates-'));
  // The embedded server of a run by root runs as another user, who must be able to enter.
  chmodSync(home, 0o755);
  const recipient = await openTestRecipient();
  const dataDir = join(home, 'data');
  const server = await startSluice({ dataDir, logPath: join(home, 'server.log'), warmSeconds: 0 });
  try {
    for (const flow of buildFlows(recipient.url.replace(/\/$/, ''))) await deployFlow(server, flow);
    const opened = await openEmbeddedPostgres({ dataDir });
    if (!opened.ok) throw new Error(opened.error.message);
    const db = openPool(opened.value.connection);
    try {
      return await runAll({ server, db, script: scriptAnswers(recipient), target, sources });
    } finally {
      await db.end();
      await opened.value.stop();
    }
  } finally {
    await server.stop();
    await recipient.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** How recipients answer each lead, by a text that its deliveries have. */
type Script = Map<string, readonly Answer[]>;

interface Stage {
  server: ServerProcess;
  db: pg.Pool;
  script: Script;
  target: TargetIds;
  /** How many of them send leads, from the first one on. */
  sources: number;
}

/** As many at once as a server settles together without waiting. */
const AT_ONCE = 24;

async function runAll(stage: Stage): Promise<LeadTemplate[]> {
  const wanted = SOURCES.slice(0, stage.sources).flatMap((source) =>
    SCENARIOS.filter((scenario) => occurs(scenario, source)).map((scenario) => ({ source, scenario })),
  );
  const templates: LeadTemplate[] = [];
  let next = 0;
  const work = async () => {
    for (let number = next++; number < wanted.length; number = next++) {
      const each = wanted[number];
      if (each) templates[number] = await runOne(stage, { ...each, number });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return templates;
}

function occurs(scenario: Scenario, source: SeedSource): boolean {
  return scenario.weigh(source, 0) > 0 || scenario.weigh(source, 1) > 0;
}

async function runOne(
  stage: Stage,
  { source, scenario, number }: { source: SeedSource; scenario: Scenario; number: number },
): Promise<LeadTemplate> {
  const person = personOf(number);
  const mark = person['emailUser'] ?? '';
  const form = { ...formOf(person), ...scenario.values };
  if (scenario.isDuplicate) {
    stage.script.set(mark, [12.5]);
    await send(stage.server, { source, form, kind: 'submit' });
  }
  stage.script.set(mark, scenario.answers);
  const startedAt = Date.now();
  const pingId = scenario.ping ? (await send(stage.server, { source, form, kind: 'ping' })).pingId : undefined;
  const leadId =
    scenario.ping === 'alone'
      ? undefined
      : (await send(stage.server, { source, form: { ...form, ...(pingId && { ping_id: pingId }) }, kind: 'submit' }))
          .leadId;
  const answeredAt = Date.now();
  for (const later of scenario.later ?? []) await happen(stage, { later, mark, leadId: leadId ?? '' });
  const marks = { person, startedAt, answeredAt };
  return readTemplate(stage, { source, scenario, leadId, pingId, marks });
}

function formOf(person: Record<string, string>): Record<string, string> {
  const { firstName = '', lastName = '', emailUser = '', phone = '', house = '', street = '', city = '' } = person;
  return {
    first_name: firstName,
    last_name: lastName,
    email: `${emailUser}@example.com`,
    phone_1: phone,
    address_1: `${house} ${street} Lane`,
    city,
    state: 'TX',
    postal_code: '78751',
    reference: person['reference'] ?? '',
  };
}

/** Sources that hear of feedback answer that they took it. */
function scriptAnswers(recipient: TestRecipient): Script {
  const script: Script = new Map();
  recipient.answerWith(({ path, body }) => {
    const [, mark = ''] = /"(zq\.\d+)@/.exec(body) ?? [];
    const place = Number(path.split('/').at(-1));
    return writeAnswer(Number.isNaN(place) ? 1 : (script.get(mark)?.[place] ?? 'Not interested'));
  });
  return script;
}

function writeAnswer(answer: Answer): RecipientAnswer {
  if (typeof answer === 'number') return { body: { outcome: 'success', price: answer } };
  if (typeof answer === 'string') return { body: { outcome: 'failure', reason: answer } };
  return answer.fault === 'hang-up' ? 'hangUp' : { status: 503, body: { error: 'Service unavailable' } };
}

async function send(
  server: ServerProcess,
  { source, form, kind }: { source: SeedSource; form: Record<string, string>; kind: 'submit' | 'ping' },
): Promise<{ leadId: string; pingId: string | undefined }> {
  const path = submitPath(source.flowId, source.sourceId).replace(/submit$/, kind);
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method: 'POST',
    headers: { Accept: 'application/json' },
    body: new URLSearchParams(form),
  });
  const body = (await answer.json()) as { lead?: { id?: string } }; // an edge: the answer of a submission
  if (answer.status >= 300) throw new Error(`${kind} was answered ${answer.status}: ${JSON.stringify(body)}`);
  return { leadId: body.lead?.id ?? '', pingId: answer.headers.get('x-ping-id') ?? undefined };
}

async function happen(
  { server, db, script }: Stage,
  { later, mark, leadId }: { later: Later; mark: string; leadId: string },
): Promise<void> {
  // The instant of the answer is the last one that is not late.
  await pause(2);
  const client = openClient(server);
  const countEvents = () => countRows(db, `select from events where lead_id = $1`, leadId);
  const before = await countEvents();
  if (later.kind === 'retry') {
    script.set(mark, [later.answer]);
    const { rows } = await db.query<{ id: string }>(`select id from retries where lead_id = $1`, [leadId]);
    await client.runRetry(rows[0]?.id ?? '');
  } else {
    const { rows } = await db.query<{ recipient_id: string }>(
      `select recipient_id from events where lead_id = $1 and type = 'recipient' and outcome = 'success'`,
      [leadId],
    );
    const recipientId = rows[0]?.recipient_id ?? '';
    const reason = later.kind === 'return' ? { reason: later.reason } : {};
    await client.sendFeedback(leadId, { type: later.kind, recipient_id: recipientId, ...reason });
  }
  await until(`the ${later.kind} of a template`, async () => (await countEvents()) > before, LATER_MS_MAX);
  await until(
    'an end of what was begun',
    async () =>
      (await countRows(db, `select from retries where lead_id = $1 and status = 'running'`, leadId)) === 0 &&
      (await countRows(db, `select from feedback where lead_id = $1 and status = 'relaying'`, leadId)) === 0,
    LATER_MS_MAX,
  );
}

async function countRows(db: pg.Pool, sql: string, leadId: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>(`select count(*)::int as count from (${sql}) as r`, [leadId]);
  return rows[0]?.count ?? 0;
}

async function readTemplate(
  { db, target }: Stage,
  given: {
    source: SeedSource;
    scenario: Scenario;
    leadId: string | undefined;
    pingId: string | undefined;
    marks: Pick<Marks, 'person' | 'startedAt' | 'answeredAt'>;
  },
): Promise<LeadTemplate> {
  const { source, scenario, leadId, pingId, marks } = given;
  const found: Found[] = [];
  for (const table of SEED_TABLES) {
    const { lead, order } = TABLES[table];
    const { rows } = await db.query<{ whole: string; columns: Found['columns'] }>(
      `select row_to_json(r)::text as whole,
              (select json_object(array_agg(key), array_agg(value)) from json_each_text(row_to_json(r))) as columns
         from ${table} r where ${lead} = any($1) order by ${order}`,
      [[leadId, pingId].filter((id) => id !== undefined)],
    );
    found.push(...rows.map((row) => ({ table, ...row })));
  }
  const ids = listIds(found, { first: leadId ?? pingId ?? '', ...marks });
  const all: Marks = { ...marks, ids: ids.map(({ id }) => id), fixed: await listFixed(db, target) };
  return {
    source,
    scenario,
    rows: found.map(({ table, whole, columns }) => ({
      table,
      whole: compileTemplate(whole, all),
      columns: Object.fromEntries(
        Object.entries(columns).map(([name, text]) => [name, text === null ? null : compileTemplate(text, all)]),
      ),
    })),
    ids: ids.map(({ offsetMs, isLate }) => ({ offsetMs, isLate })),
  };
}

interface Found {
  table: SeedTable;
  whole: string;
  columns: Record<string, string | null>;
}

/** What the other database calls otherwise. */
async function listFixed(db: pg.Pool, { accountId, lists }: TargetIds): Promise<Record<string, string>> {
  const accounts = await db.query<{ id: string }>('select id from accounts');
  const found = await db.query<{ id: string; name: string }>('select id, name from lists');
  return Object.fromEntries([
    ...accounts.rows.map(({ id }) => [id, accountId]),
    ...found.rows.map(({ id, name }) => [id, lists.get(name) ?? id]),
  ]);
}

/** Columns with ids that a lead makes. */
const ID_COLUMNS = ['id', 'event_id', 'attempt_id'];
/** Rows that are written after the answer alone, with ids that name only their second. */
const LATE_TABLES: readonly SeedTable[] = ['feedback', 'money_entries'];

function listIds(
  found: readonly Found[],
  { first, startedAt, answeredAt }: { first: string; startedAt: number; answeredAt: number },
): { id: string; offsetMs: number; isLate: boolean }[] {
  const ids = new Map([[first, { id: first, offsetMs: 0, isLate: false }]]);
  const events = found.filter(({ table }) => table === 'events');
  for (const { columns } of events) {
    const id = columns['id'] ?? '';
    const madeAt = instantOfEventId(id);
    ids.set(id, { id, offsetMs: Math.max(0, madeAt - startedAt), isLate: madeAt > answeredAt });
  }
  for (const { table, columns } of found) {
    for (const column of ID_COLUMNS) {
      const id = columns[column];
      if (id === null || id === undefined || ids.has(id)) continue;
      const isLate = LATE_TABLES.includes(table);
      ids.set(id, { id, offsetMs: isLate ? answeredAt - startedAt + 1 : 0, isLate });
    }
  }
  return [...ids.values()];
}

/** Event ids have 16,384 places for each millisecond of their second (lib/ids.ts). */
function instantOfEventId(id: string): number {
  return Number.parseInt(id.slice(0, 8), 16) * 1000 + Math.floor(Number.parseInt(id.slice(8, 14), 16) / 0x4000);
}

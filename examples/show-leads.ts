import pg from 'pg';
import { openEmbeddedPostgres } from '../src/store/embedded.ts';

/**
 * `npx tsx examples/show-leads.ts [lead id]`: the last leads with their events, read from the database that
 * DATABASE_URL or SLUICE_DATA_DIR names (default `.sluice`), beside a running server or without one. With a lead's id:
 * everything that is stored of it.
 */
const LEADS_MAX = 10;
const [leadId] = process.argv.slice(2);

const database = await openDatabase();
const client = new pg.Client(database.connection);
await client.connect();
try {
  console.log(leadId === undefined ? await lastLeads() : await documentOf(leadId));
} finally {
  await client.end();
  await database.stop();
}

async function openDatabase(): Promise<{ connection: pg.ClientConfig; stop(): Promise<void> }> {
  const { DATABASE_URL: url, SLUICE_DATA_DIR: dataDir = '.sluice' } = process.env;
  if (url) return { connection: { connectionString: url }, stop: async () => undefined };
  const opened = await openEmbeddedPostgres({ dataDir });
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

async function lastLeads(): Promise<string> {
  const { rows } = await client.query<{ id: string; line: string }>(
    `select l.id, concat_ws(' ', to_char(l.submitted_at, 'YYYY-MM-DD HH24:MI:SS'), l.id, l.outcome,
       (l.price / 10000.0)::float8, l.reason) as line
     from leads l order by l.id desc limit $1`,
    [LEADS_MAX],
  );
  const lines: string[] = [];
  for (const { id, line } of rows) lines.push(line, ...(await eventsOf(id)));
  return lines.join('\n');
}

async function eventsOf(id: string): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(
    `select concat_ws(' ', '  ', seq, rpad(type, 9), rpad(outcome, 8), facts ->> 'ms', 'ms', reason) as line
     from events where lead_id = $1 order by seq`,
    [id],
  );
  return rows.map(({ line }) => line);
}

async function documentOf(id: string): Promise<string> {
  const { rows } = await client.query('select document from lead_data where lead_id = $1 order by part', [id]);
  return JSON.stringify(rows[0]?.document ?? null, null, 2);
}

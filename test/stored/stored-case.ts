import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/package-root.ts';
import type { ComposedServer } from '../harness/server.ts';

/**
 * One lead as a version of the program stored it. The rows are never written again; the answers are what the API makes
 * of them now.
 */
export interface StoredCase {
  /** What the rows are an example of. */
  what: string;
  leadId: string;
  /** Rows by table, as `row_to_json` writes them. */
  rows: Record<string, Record<string, unknown>[]>;
  /** By path below the API. */
  answers: Record<string, unknown>;
}

const FOLDER = join(packageRoot, 'test', 'stored');
/** A folder each: the versions of `documents.ts` that ever were. */
export const STORED_VERSIONS = readdirSync(FOLDER)
  .filter((name) => /^v\d+$/.test(name))
  .sort();

export function caseNames(version: string): string[] {
  return readdirSync(join(FOLDER, version)).map((file) => file.replace(/\.json$/, ''));
}

/** Tables whose rows belong to a flow, and those whose rows belong to a lead, in the order they are filled. */
export const FLOW_TABLES = ['flows', 'flow_revisions'] as const;
export const LEAD_TABLES = [
  'leads',
  'lead_data',
  'events',
  'retries',
  'unknowns',
  'lead_holds',
  'intents',
  'runs',
] as const;

/** What differs from one server to the next stands in the files under these names. */
const ACCOUNT = 'aaaaaaaaaaaaaaaaaaaaaaaa';
const RECIPIENT = 'http://recipient.test/';

export function readCase(server: ComposedServer, at: { version: string; name: string }): StoredCase {
  const text = readFileSync(fileOf(at), 'utf8');
  const own = text.replaceAll(ACCOUNT, server.account.id).replaceAll(RECIPIENT, server.recipient.url);
  return JSON.parse(own) as StoredCase; // written by writeCase alone
}

export function writeCase(server: ComposedServer, at: { version: string; name: string; stored: StoredCase }): void {
  const text = JSON.stringify(at.stored, null, 2);
  const anyones = text.replaceAll(server.account.id, ACCOUNT).replaceAll(server.recipient.url, RECIPIENT);
  writeFileSync(fileOf(at), `${anyones}\n`);
}

function fileOf({ version, name }: { version: string; name: string }): string {
  return join(FOLDER, version, `${name}.json`);
}

/** Writes the rows of a case as the migrations leave them. */
export async function restoreRows(server: ComposedServer, rows: StoredCase['rows']): Promise<void> {
  for (const [table, members] of Object.entries(migrateRows(rows))) {
    for (const row of members) {
      await server.query(`insert into ${table} select * from json_populate_record(null::${table}, $1)`, [
        JSON.stringify(row),
      ]);
    }
  }
}

/** Of versions 0 and 1: an intent stood in the run row (migration 0014). */
function migrateRows(rows: StoredCase['rows']): StoredCase['rows'] {
  const intents = (rows['runs'] ?? []).flatMap(({ account_id, lead_id, state }) =>
    state ? [{ account_id, lead_id, seq: 0, state }] : [],
  );
  // Before its run: a recovery takes a run as soon as it is there.
  return intents.length === 0 ? rows : { intents, ...rows };
}

/** The rows of a lead and of its flow. */
export async function readRows(
  server: ComposedServer,
  { flowId, leadId }: { flowId: string; leadId: string },
): Promise<StoredCase['rows']> {
  const rows: StoredCase['rows'] = {};
  const read = async (table: string, where: string, id: string) => {
    const found = await server.query(`select row_to_json(t) as row from ${table} t where ${where} order by t::text`, [
      id,
    ]);
    if (found.length > 0) rows[table] = found.map(({ row }) => row as Record<string, unknown>); // a row is an object
  };
  for (const table of FLOW_TABLES) await read(table, `${table === 'flows' ? 'id' : 'flow_id'} = $1`, flowId);
  for (const table of LEAD_TABLES) await read(table, `${table === 'leads' ? 'id' : 'lead_id'} = $1`, leadId);
  return rows;
}

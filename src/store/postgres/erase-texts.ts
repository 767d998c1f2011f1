import { gunzipSync } from 'node:zlib';
import type pg from 'pg';
import type { ErasedCounts } from '../../jobs/privacy-deps.ts';
import { createPersonFinder, mapTexts, normalForm, type Person, type PersonFinder } from '../../keeping/person.ts';
import { instantOfId } from '../../lib/ids.ts';
import type { ByteBox } from '../secret-box.ts';
import { erasePings } from './erase-pings.ts';
import { findTestLeads } from './find-test-leads.ts';
import { jobFileContext } from './job-files.ts';

/** Texts that belong to no lead and may quote one. Of JSON every text is looked at. */
interface TextColumn {
  table: string;
  column: string;
  /** An expression of the rest of the primary key, as a text. */
  key: string;
  isJson?: boolean;
  /** Only these rows. */
  only?: string;
}

const TEXT_COLUMNS: readonly TextColumn[] = [
  { table: 'event_kinds', column: 'reason_class', key: 't.kind::text' },
  { table: 'pings', column: 'reason', key: 't.id' },
  { table: 'pings', column: 'facts', key: 't.id', isJson: true },
  { table: 'batches', column: 'last_error', key: 't.id' },
  { table: 'batch_files', column: 'reason', key: 't.id' },
  { table: 'outbox', column: 'reason', key: `t.channel_id || '/' || t.lead_id || '/' || t.seq` },
  { table: 'event_channels', column: 'fault_reason', key: 't.id' },
  { table: 'channel_faults', column: 'reason', key: `t.channel_id || '/' || t.began_at` },
  ...['input', 'checkpoint', 'lines'].map((column) => ({
    ...{ table: 'jobs', column, key: 't.id', isJson: true },
    only: 't.ended_at is not null',
  })),
];

/** Rows of one read, and reads of one column. */
const PAGE_ROWS = 1_000;
const PAGES_MAX = 1_000_000;

interface Elsewhere {
  accountId: string;
  jobId: string;
  person: Person | null;
  firstLeadId: string | null;
  box: ByteBox;
  hashListValue(value: string): Buffer;
  /** Under a legal hold: pings that carry one of them stay. */
  heldPersons: readonly Person[];
}

/** Takes a person out of the texts of an account that belong to no lead, and deletes files that have it or may have it. */
export async function eraseTexts(
  client: pg.ClientBase,
  { accountId, jobId, person, firstLeadId, box, hashListValue, heldPersons }: Elsewhere,
): Promise<ErasedCounts> {
  const exports = { exports: firstLeadId === null ? 0 : await deleteExports(client, { accountId, firstLeadId }) };
  if (person === null) return exports;
  const finder = createPersonFinder(person);
  const isHeld = heldPersons.some((held) => normalForm(held) === normalForm(person));
  let texts = 0;
  for (const column of TEXT_COLUMNS) texts += await eraseColumn(client, { accountId, column, finder });
  return {
    ...exports,
    other_texts: texts,
    pings: isHeld ? 0 : await erasePings(client, { accountId, person, hashListValue }),
    job_artefacts: await deleteArtefacts(client, { accountId, jobId, finder }),
    job_files: await deleteJobFiles(client, { accountId, finder, box }),
    test_leads: isHeld ? 0 : await deleteTestLeads(client, { accountId, finder, box }),
  };
}

/** Every export since the first of the leads may have them, and is too large to be looked through. */
async function deleteExports(
  client: pg.ClientBase,
  { accountId, firstLeadId }: { accountId: string; firstLeadId: string },
): Promise<number> {
  const { rows } = await client.query<{ id: string }>(
    `delete from exports e
      where e.account_id = $1 and e.created_at >= $2
        and not exists (select from jobs j where j.account_id = e.account_id and j.id = e.id and j.ended_at is null)
     returning e.id`,
    [accountId, new Date(instantOfId(firstLeadId))],
  );
  const ids = rows.map(({ id }) => id);
  await client.query('delete from export_parts where account_id = $1 and export_id = any($2)', [accountId, ids]);
  await client.query('delete from export_downloads where account_id = $1 and export_id = any($2)', [accountId, ids]);
  return ids.length;
}

async function eraseColumn(
  client: pg.ClientBase,
  { accountId, column, finder }: { accountId: string; column: TextColumn; finder: PersonFinder },
): Promise<number> {
  const { table, column: name, key, isJson = false, only = 'true' } = column;
  let changed = 0;
  let after = '';
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { rows } = await client.query<{ key: string; text: string }>(
      `select k.key, k.text from (
         select (${key}) collate "C" as key, t.${name}::text as text from ${table} t
          where t.account_id = $1 and t.${name} is not null and ${only}) k
        where k.key > $2 order by k.key limit ${PAGE_ROWS}`,
      [accountId, after],
    );
    for (const row of rows) {
      const text = isJson ? JSON.stringify(mapTexts(JSON.parse(row.text), finder.remove)) : finder.remove(row.text);
      if (text === row.text || (isJson && text === JSON.stringify(JSON.parse(row.text)))) continue;
      await client.query(
        `update ${table} t set ${name} = $3${isJson ? '::json' : ''} where t.account_id = $1 and (${key}) collate "C" = $2`,
        [accountId, row.key, text],
      );
      changed += 1;
    }
    if (rows.length < PAGE_ROWS) return changed;
    after = rows.at(-1)?.key ?? after;
  }
  return changed;
}

/** Results and rejected rows of imports, files of exports: one that has the person goes as a whole. */
async function deleteArtefacts(
  client: pg.ClientBase,
  { accountId, jobId, finder }: { accountId: string; jobId: string; finder: PersonFinder },
): Promise<number> {
  const { rows: artefacts } = await client.query<{ job_id: string; name: string }>(
    `select distinct job_id, name from job_artefacts where account_id = $1 and job_id <> $2`,
    [accountId, jobId],
  );
  let deleted = 0;
  for (const { job_id, name } of artefacts) {
    const { rows } = await client.query<{ content: string | null }>(
      `select string_agg(content, '' order by part) as content from job_artefacts
        where account_id = $1 and job_id = $2 and name = $3`,
      [accountId, job_id, name],
    );
    if (!finder.isIn(rows[0]?.content ?? '')) continue;
    await client.query('delete from job_artefacts where account_id = $1 and job_id = $2 and name = $3', [
      ...[accountId, job_id, name],
    ]);
    deleted += 1;
  }
  return deleted;
}

/** A test lead that has the person goes as a whole. */
async function deleteTestLeads(
  client: pg.ClientBase,
  { accountId, finder, box }: { accountId: string; finder: PersonFinder; box: ByteBox },
): Promise<number> {
  let deleted = 0;
  for await (const found of findTestLeads(client, { accountId, finder, box })) {
    for (const { flowId, id } of found)
      await client.query('delete from test_leads where account_id = $1 and flow_id = $2 and id = $3', [
        ...[accountId, flowId, id],
      ]);
    deleted += found.length;
  }
  return deleted;
}

/** Files that wait for their job or for a person. */
async function deleteJobFiles(
  client: pg.ClientBase,
  { accountId, finder, box }: { accountId: string; finder: PersonFinder; box: ByteBox },
): Promise<number> {
  const { rows: files } = await client.query<{ job_id: string }>(
    'select distinct job_id from job_files where account_id = $1',
    [accountId],
  );
  let deleted = 0;
  for (const { job_id: id } of files) {
    const { rows } = await client.query<{ part: number; content: Buffer }>(
      'select part, content from job_files where account_id = $1 and job_id = $2 order by part',
      [accountId, id],
    );
    const bytes = rows.map(({ part, content }) => box.openBytes(content, jobFileContext(id, part)) ?? Buffer.alloc(0));
    if (!finder.isIn(readText(Buffer.concat(bytes)))) continue;
    await client.query('delete from job_files where account_id = $1 and job_id = $2', [accountId, id]);
    deleted += 1;
  }
  return deleted;
}

/** Of a compressed file as many bytes as a file may have. */
const TEXT_BYTES_MAX = 256 * 1024 * 1024;

function readText(bytes: Buffer): string {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  try {
    const plain = isGzip ? gunzipSync(bytes, { maxOutputLength: TEXT_BYTES_MAX }) : bytes;
    return plain.includes(0) ? plain.toString('utf16le') : plain.toString('utf8');
  } catch {
    // No file of an import: nothing of it is read later either.
    return '';
  }
}

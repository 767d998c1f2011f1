import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { STORED_JSON } from '../../src/stored/documents.ts';
import { type ComposedServer, startTestServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { recordCases } from './record-cases.ts';
import {
  caseNames,
  FLOW_TABLES,
  readCase,
  restoreRows,
  STORED_VERSIONS,
  type StoredCase,
  writeCase,
} from './stored-case.ts';

/** Set to a version, as `v2`: the rows of that version are made anew. Only before it is released. */
const recorded = process.env['SLUICE_STORED_RECORD'];
/** Set by scripts/golden.ts (`npm run golden:update`): the answers are written down as they are now, the rows are not. */
const isUpdate = process.env['SLUICE_GOLDEN_UPDATE'] === '1';

let server: ComposedServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const ALL = STORED_VERSIONS.flatMap((version) => caseNames(version).map((name) => ({ version, name })));

/** Of what is made when rows are read, and not stored: the server's own clock, ids and name. */
const OF_THE_DAY = new Set([
  ...['id', 'event_id', 'host', 'handler_version', 'end_timestamp', 'ms', 'wait_ms', 'total_ms', 'overhead_ms', 'at'],
  ...['next_attempt_at', 'sentences'],
]);

it.runIf(recorded !== undefined)('a lead of each kind is stored', () => recordCases(server, recorded ?? ''));

describe.runIf(recorded === undefined)('what a version has stored is read as it was', () => {
  it.each(ALL)('$version $name', async (at) => {
    const stored = readCase(server, at);
    await restore(stored);
    const isUnderWay = stored.rows['runs'] !== undefined;
    if (isUnderWay) {
      await until('the run is settled', async () => {
        const left = await server.query('select from runs where flow_id = $1', [stored.rows['runs']?.[0]?.['flow_id']]);
        return left.length === 0;
      });
    }
    const answers: StoredCase['answers'] = {};
    for (const path of [`/leads/${stored.leadId}`, `/leads/${stored.leadId}/explain`]) {
      const { status, body } = await server.api('GET', path);
      answers[path] = { status, body: isUnderWay ? withoutTheDay(body) : body };
    }
    if (isUpdate) writeCase(server, { ...at, stored: { ...stored, answers } });
    else expect(answers).toEqual(stored.answers);
  });
});

describe.runIf(recorded === undefined).each(STORED_VERSIONS)('what %s has stored is worked with', (version) => {
  it('a delivery that waits is tried again, with the values the lead had', async () => {
    const stored = readCase(server, { version, name: 'waiting' });
    await restore(stored);
    // A flow is known to a server when it is deployed, or when it starts.
    await server.restart();
    const retry = stored.rows['retries']?.[0];
    expect(await server.api('POST', `/retries/${retry?.['id']}/run`)).toMatchObject({ status: 202 });
    const status = async () => (await server.api('GET', `/retries/${retry?.['id']}`)).body.status;
    await until('it is delivered', async () => (await status()) === 'succeeded');
    expect(server.recipient.deliveries.at(-1)?.body).toBe('{"email":"ann@example.com"}');
    expect(await server.query('select from lead_holds where lead_id = $1', [stored.leadId])).toEqual([]);
  });

  it('a failed lead is sent again as it came', async () => {
    const stored = readCase(server, { version, name: 'turned-away' });
    await restore(stored);
    const { body } = await server.api('POST', '/leads/resubmit', { lead_ids: [stored.leadId], with_masked: true });
    expect(body.leads).toMatchObject([{ would: { outcome: 'failure', reason: 'Not TX' } }]);
  });
});

it('every column of JSON is in the table of what is stored', async () => {
  const columns = await server.query(
    `select table_name || '.' || column_name as column from information_schema.columns
      where table_schema = current_schema() and data_type in ('json', 'jsonb')
        and table_name not in (select inhrelid::regclass::text from pg_inherits) order by 1`,
  );
  const ofJson = STORED_JSON.filter(({ isText }) => !isText);
  expect(ofJson.map(({ column }) => column).sort()).toEqual(columns.map(({ column }) => column));
  const ofText = STORED_JSON.filter(({ isText }) => isText).map(({ column }) => column);
  const texts = await server.query(
    `select table_name || '.' || column_name as column from information_schema.columns
      where table_schema = current_schema() and data_type = 'text' and table_name || '.' || column_name = any($1) order by 1`,
    [ofText],
  );
  expect(texts.map(({ column }) => column)).toEqual(ofText.toSorted());
  const files = STORED_JSON.flatMap(({ writtenBy, readBy }) => [writtenBy, readBy]);
  expect(files.filter((file) => !existsSync(join(packageRoot, 'src', file)))).toEqual([]);
});

/** The rows of a case; several cases are of one flow or of one lead. */
async function restore({ rows, leadId }: StoredCase): Promise<void> {
  for (const table of [
    'leads',
    'lead_data',
    'lead_search',
    'events',
    'retries',
    'unknowns',
    'lead_holds',
    'intents',
    'runs',
  ])
    await server.query(`delete from ${table} where ${table === 'leads' ? 'id' : 'lead_id'} = $1`, [leadId]);
  const flowId = rows['flows']?.[0]?.['id'];
  const isKnown = (await server.query('select from flows where id = $1', [flowId])).length > 0;
  const ofFlow: readonly string[] = FLOW_TABLES;
  const wanted = Object.entries(rows).filter(([table]) => !isKnown || !ofFlow.includes(table));
  await restoreRows(server, Object.fromEntries(wanted.map(([table, members]) => [table, members.map(notYetDue)])));
}

/** A retry waits until a test asks for it. */
function notYetDue(row: Record<string, unknown>): Record<string, unknown> {
  return row['status'] === 'waiting' ? { ...row, next_attempt_at: '2100-01-01T00:00:00Z' } : row;
}

function withoutTheDay(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTheDay);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !OF_THE_DAY.has(name))
      .map(([name, member]) => [name, withoutTheDay(member)]),
  );
}

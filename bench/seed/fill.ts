import pg from 'pg';
import {
  int2Array,
  int4Array,
  int8Array,
  jsonArray,
  textArray,
  timestampArray,
} from '../../src/store/postgres/binary-array.ts';
import { runCalls } from '../../src/store/postgres/run-calls.ts';
import type { Statement } from '../../src/store/postgres/session.ts';
import { insertEvents, insertLeadData, insertLeads } from '../../src/store/postgres/settle-statements.ts';
import { pickBelow } from './chance.ts';
import { inventPerson } from './people.ts';
import { isLead, type PlannedLead } from './plan-leads.ts';
import { type LeadTemplate, SEED_TABLES, type SeedTable } from './run-templates.ts';
import { type Filling, fillTemplate, type Template } from './template.ts';

/** How many leads and pings a transaction writes. */
const GROUP = 1_000;
/** Sessions that write; the database has about as many cores for them. */
const SESSIONS = 2;
/** Late things happen within so many days, and before the end. */
const LATE_DAYS_MAX = 12;
const DAY_MS = 86_400_000;
/** Of leads that this made; no server has this id. */
const NODE_ID = '5eed00040000000000000000';

/** Tables whose rows the statements of the product write, a column an array; the others take rows as JSON. */
const BY_COLUMN: readonly SeedTable[] = ['leads', 'events'];

export interface Filled {
  leads: number;
  events: number;
  pings: number;
  documentBytes: number;
}

/** Writes the planned leads; their order, ids, persons and times are the same for the same chance. */
export async function fillDatabase(
  connection: pg.PoolConfig,
  given: { planned: Iterable<PlannedLead>; endsAt: number; chance: () => number; report(filled: Filled): void },
): Promise<Filled> {
  const { planned, endsAt, chance, report } = given;
  const filled: Filled = { leads: 0, events: 0, pings: 0, documentBytes: 0 };
  const groups = buildGroups(planned, { endsAt, chance, filled });
  await Promise.all(
    Array.from({ length: SESSIONS }, async () => {
      const client = new pg.Client(connection);
      await client.connect();
      try {
        await client.query('set synchronous_commit = off');
        for (const group of groups) {
          await writeGroup(client, group);
          report(filled);
        }
      } finally {
        await client.end();
      }
    }),
  );
  return filled;
}

type Group = Record<SeedTable, string[]> & { leadRows: Columns[]; firstParts: Columns[]; eventRows: Columns[] };
type Columns = Readonly<Record<string, string | null>>;

function* buildGroups(
  planned: Iterable<PlannedLead>,
  { endsAt, chance, filled }: { endsAt: number; chance: () => number; filled: Filled },
): Generator<Group> {
  let group = emptyGroup();
  let size = 0;
  let number = 0;
  for (const { template, startedAt } of planned) {
    number += 1;
    const lateByMs = pickLateness({ startedAt, endsAt, chance });
    const ids = template.ids.map(({ offsetMs, isLate }, place) =>
      place === 0 && isLead(template)
        ? writeLeadId(startedAt, number)
        : writeEventId(startedAt + offsetMs + (isLate ? lateByMs : 0), { place, chance }),
    );
    addRows(group, template, { person: inventPerson(chance, number), ids, startedAt, lateByMs });
    count(filled, template);
    size += 1;
    if (size < GROUP) continue;
    yield group;
    group = emptyGroup();
    size = 0;
  }
  if (size > 0) yield group;
}

function emptyGroup(): Group {
  const tables = Object.fromEntries(SEED_TABLES.map((table) => [table, []])) as unknown as Record<SeedTable, string[]>; // all of them
  return { ...tables, leadRows: [], firstParts: [], eventRows: [] };
}

function count(filled: Filled, template: LeadTemplate): void {
  for (const { table } of template.rows) {
    if (table === 'leads') filled.leads += 1;
    if (table === 'events') filled.events += 1;
    if (table === 'pings') filled.pings += 1;
  }
}

function addRows(group: Group, template: LeadTemplate, filling: Filling): void {
  for (const { table, whole, columns } of template.rows) {
    if (table === 'leads') group.leadRows.push(fillColumns(columns, filling));
    else if (table === 'events') group.eventRows.push(fillColumns(columns, filling));
    else if (table === 'lead_data' && columns['part']?.[0] === '0')
      group.firstParts.push(fillColumns(columns, filling));
    else group[table].push(fillTemplate(whole, filling));
  }
}

function fillColumns(columns: Record<string, Template | null>, filling: Filling): Columns {
  const row: Record<string, string | null> = {};
  for (const name in columns) {
    const template = columns[name];
    row[name] = template ? fillTemplate(template, filling) : null;
  }
  return row;
}

/** Mostly within hours, some after days. */
function pickLateness({
  startedAt,
  endsAt,
  chance,
}: {
  startedAt: number;
  endsAt: number;
  chance: () => number;
}): number {
  const days = LATE_DAYS_MAX * chance() ** 4;
  return Math.floor(Math.min(days * DAY_MS, Math.max(0, endsAt - startedAt) * chance()));
}

function writeLeadId(instant: number, number: number): string {
  return `${hex(Math.floor(instant / 1000), 8)}5eed5eed5e${hex(number % 0x1000000, 6)}`;
}

/** As lib/ids.ts makes them: the place within the second, and chance. */
function writeEventId(instant: number, { place, chance }: { place: number; chance: () => number }): string {
  const at = (instant % 1000) * 0x4000 + (place % 64) * 0x100 + pickBelow(chance, 0x100);
  return `${hex(Math.floor(instant / 1000), 8)}${hex(at, 6)}${hex(pickBelow(chance, 0x10000000000), 10)}`;
}

function hex(value: number, width: number): string {
  return value.toString(16).padStart(width, '0');
}

async function writeGroup(client: pg.Client, group: Group): Promise<void> {
  const { leadRows, firstParts, eventRows } = group;
  const text = (rows: readonly Columns[], name: string) => textArray(rows.map((row) => row[name] ?? null));
  const numbers = (rows: readonly Columns[], name: string) => rows.map((row) => Number(row[name]));
  const json = (rows: readonly Columns[], name: string) => jsonArray(rows.map((row) => row[name] ?? null));
  const calls: { statement: Statement; values: unknown[] }[] = [
    {
      statement: insertLeads,
      values: [
        NODE_ID,
        ...['account_id', 'id', 'flow_id', 'source_id'].map((name) => text(leadRows, name)),
        int4Array(numbers(leadRows, 'revision')),
        text(leadRows, 'outcome'),
        text(leadRows, 'reason'),
        int8Array(numbers(leadRows, 'price')),
        timestampArray(leadRows.map((row) => Date.parse(row['submitted_at'] ?? ''))),
      ],
    },
    {
      statement: insertLeadData,
      values: [text(firstParts, 'account_id'), text(firstParts, 'lead_id'), json(firstParts, 'document')],
    },
    {
      statement: insertEvents,
      values: [
        ...['account_id', 'lead_id'].map((name) => text(eventRows, name)),
        int2Array(numbers(eventRows, 'seq')),
        ...['id', 'type', 'outcome', 'reason', 'flow_id', 'source_id', 'step_id', 'recipient_id'].map((name) =>
          text(eventRows, name),
        ),
        json(eventRows, 'facts'),
      ],
    },
    ...SEED_TABLES.filter((table) => !BY_COLUMN.includes(table) && group[table].length > 0).map((table) => ({
      statement: insertRows(table),
      values: [`[${group[table].join(',')}]`],
    })),
  ];
  await client.query('begin');
  await runCalls(client, calls);
  await client.query('commit');
}

function insertRows(table: SeedTable): Statement {
  return {
    name: `seed_${table}`,
    text: `insert into ${table} select * from json_populate_recordset(null::${table}, $1::json)`,
    empty: ['[]'],
  };
}

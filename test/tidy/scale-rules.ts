import type { AwaitingLoop, RowCount, SqlText } from './sql-texts.ts';

/*
 * What a text search can hold of decision page 0067: the rules that every statement keeps to, so that an installation
 * can move to a database of several machines. Each rule returns the positions in a statement at which it is broken.
 */

/** Where a rule is broken. */
export interface Breach {
  path: string;
  line: number;
  /** What is wrong there. */
  found: string;
  /** The statement or loop, on one line. */
  text: string;
}

export const RULES = [
  'no-schema-named',
  'one-statement',
  'settings-for-speed',
  'immutable-returning',
  'time-is-a-parameter',
  'searched-case',
  'rows-of-returning',
  'bounded-loops',
  'account-first',
] as const;
export type Rule = (typeof RULES)[number];

/** Rules that look at one statement. */
type StatementRule = Exclude<Rule, 'rows-of-returning' | 'bounded-loops'>;

/** What the migrations say of the tables. */
export interface Tables {
  /** Those whose rows belong to an account. */
  ofAccounts: ReadonlySet<string>;
  /** By table, the columns that a database fills with its own time. */
  timeColumns: ReadonlyMap<string, readonly string[]>;
}

interface Hit {
  index: number;
  found: string;
}

export function findBreaches(rule: StatementRule, texts: readonly SqlText[], tables: Tables): Breach[] {
  return texts.flatMap((sql) =>
    STATEMENT_RULES[rule](sql, tables).map(({ index, found }) => ({
      path: sql.path,
      line: sql.lineAt(index),
      found,
      text: oneLine(sql.text),
    })),
  );
}

/** Rule 6: a database that spreads a schema counts what `insert … select` read, not what it wrote. */
export function findCountedInserts(counts: readonly RowCount[]): Breach[] {
  return counts.flatMap(({ path, line, text }) => {
    if (text === undefined) return [{ path, line, found: 'the statement is not found', text: '' }];
    return /insert into/.test(text) && /do nothing/.test(text)
      ? [{ path, line, found: 'rowCount of an insert that may do nothing', text: oneLine(text) }]
      : [];
  });
}

/** Where a loop may wait for the database, or for another process by it. */
const PARTS_WITH_A_STORE =
  /^src\/(?:accounts|access|cli|destinations|entities|events|flows|intake|jobs|lists|resubmission|retries|server|store)\//;

/**
 * Rule 7: a loop ends by a constant in its head, by one that makes it return, throw or break, or by a deadline that its
 * function makes of one.
 */
export function findUnboundedLoops(loops: readonly AwaitingLoop[]): Breach[] {
  const waiting = loops.filter(({ path }) => PARTS_WITH_A_STORE.test(path));
  return waiting.flatMap(({ path, line, text, head, around }) => {
    const isBounded =
      /\b[A-Z][A-Z0-9_]{3,}\b/.test(head) ||
      /if \([^{]*_MAX\b[^{]*\)\s*\{?\s*(return|throw|break)/.test(text) ||
      (/performance\.now\(\)/.test(text) && /performance\.now\(\) \+ (?:[A-Z_]*_MAX|ms\w*Max)\b/.test(around));
    return isBounded ? [] : [{ path, line, found: 'no named bound', text: head }];
  });
}

export function readTables(migrations: readonly SqlText[]): Tables {
  const made = migrations.flatMap(({ text }) => {
    const [, name, body] = /^\s*create table (\w+) \((.*)\)/s.exec(text) ?? [];
    return name !== undefined && body !== undefined ? [{ name, body }] : [];
  });
  return {
    ofAccounts: new Set(made.filter(({ body }) => /^\s*account_id /m.test(body)).map(({ name }) => name)),
    timeColumns: new Map(
      made.map(({ name, body }) => [name, [...body.matchAll(/^\s*(\w+) .* default now\(\)/gm)].map(([, c = '']) => c)]),
    ),
  };
}

const STATEMENT_RULES: Readonly<Record<StatementRule, (sql: SqlText, tables: Tables) => Hit[]>> = {
  'no-schema-named': namedSchemas,
  'one-statement': secondStatements,
  'settings-for-speed': ({ text }) =>
    matches(text, /^\s*set (?:local |session )?(\w+)/g).map(({ index, groups: [name = ''] }) => ({
      index,
      found: `set ${name}`,
    })),
  'immutable-returning': mutableReturning,
  'time-is-a-parameter': timeOfTheDatabase,
  'searched-case': ({ text }) =>
    matches(text, /\bcase\s+(?!when\b)/g).map(({ index }) => ({ index, found: 'case … when' })),
  'account-first': statementsOfSeveralAccounts,
};

function namedSchemas({ text }: SqlText): Hit[] {
  // `from` of an expression is no table.
  const tables = text.replace(/extract\(\w+ from|distinct from/g, (found) => ' '.repeat(found.length));
  return [
    ...matches(tables, /\b(?:from|join|into|update|table|references|exists|function|only)\s+"?\w+"?\."?\w/g),
    ...matches(tables, /\b(?:public|pg_catalog|information_schema)\./g),
    ...matches(tables, /\$\{[^}]*schema[^}]*\}\./gi),
    ...matches(tables, /\bsearch_path\b/g),
  ].map(({ index, whole }) => ({ index, found: `names a schema: ${whole.trim()}` }));
}

function secondStatements({ text }: SqlText): Hit[] {
  return matches(withoutBodies(text), /;\s*\S/g).map(({ index }) => ({ index, found: 'a second statement' }));
}

const MUTABLE =
  /\b(?:extract|date_part|date_trunc|to_char|age|now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|random|nextval|gen_random_uuid)\(|\b(?:current_\w+|localtime\w*)\b/g;
const TIME =
  /\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\(|\bcurrent_(?:timestamp|date|time)\b/g;

function mutableReturning({ text }: SqlText): Hit[] {
  return matches(text, /\breturning\b/g).flatMap(({ index }) =>
    matches(text.slice(index, endOfClause(text, index)), MUTABLE).map((hit) => ({
      index: index + hit.index,
      found: `${hit.whole} in returning`,
    })),
  );
}

/**
 * In a modification, `clock_timestamp()` is a value of an insert at most; an `insert … select` has no time of the
 * database at all, and names the columns that would be filled with it.
 */
function timeOfTheDatabase({ text }: SqlText, { timeColumns }: Tables): Hit[] {
  const isModification = /\binsert into\b|\bdelete from\b|\bupdate\s+\w+(\s+(as\s+)?\w+)?\s+set\b/.test(text);
  if (!isModification) return [];
  const clocks = matches(text, /\b(?:clock_timestamp|timeofday|random)\(/g)
    .filter(({ index }) => !isValue(text, index))
    .map(({ index, whole }) => ({ index, found: `${whole} in a modification` }));
  return [...clocks, ...insertedSelections(text).flatMap((insert) => timesOf(insert, timeColumns))];
}

interface InsertedSelection {
  table: string;
  columns: string;
  index: number;
  selection: string;
  selectionIndex: number;
}

function insertedSelections(text: string): InsertedSelection[] {
  return matches(text, /\binsert into (\w+)(?: as \w+)?\s*\(([^)]*)\)\s*select\b/g).map(
    ({ index, whole, groups: [table = '', columns = ''] }) => {
      const selectionIndex = index + whole.length;
      const all = text.slice(selectionIndex, endOfClause(text, selectionIndex));
      return { table, columns, index, selectionIndex, selection: all.replace(/\b(on conflict|returning)\b.*$/s, '') };
    },
  );
}

function timesOf(insert: InsertedSelection, timeColumns: Tables['timeColumns']): Hit[] {
  const { table, columns, index, selection, selectionIndex } = insert;
  const named = columns.split(',').map((column) => column.trim());
  const left = (timeColumns.get(table) ?? []).filter((column) => !named.includes(column));
  return [
    ...matches(selection, TIME).map((hit) => ({
      index: selectionIndex + hit.index,
      found: `${hit.whole} in insert … select`,
    })),
    ...left.map((column) => ({ index, found: `${table}.${column} is left to its default in insert … select` })),
  ];
}

/** Is this position between the parentheses of `values`? */
function isValue(text: string, index: number): boolean {
  const before = text.slice(0, index);
  return (
    /\bvalues\b/.test(before) &&
    !/\b(where|on conflict|returning|set)\b/.test(before.slice(before.lastIndexOf('values')))
  );
}

/** Said beside a statement that reads rows of more than one account: who asks, and that each account can be asked by itself. */
const OF_SEVERAL = /\b(?:all|every|any|several) accounts?\b/i;

function statementsOfSeveralAccounts(sql: SqlText, { ofAccounts }: Tables): Hit[] {
  const { text } = sql;
  const keys = keysWithoutAccount(text, ofAccounts);
  const tables = tablesRead(text).filter(({ table }) => ofAccounts.has(table));
  const given = namesOfGivenAccounts(text);
  const isAlone = new Set(tables.map(({ alias }) => alias)).size === 1;
  const free = tables.filter(({ alias }) => !given.has(alias) && !(isAlone && given.has('')));
  // A migration changes the rows of all accounts, once.
  if (sql.path.startsWith('sql/') || OF_SEVERAL.test(sql.comments)) return keys;
  return [...keys, ...free.map(({ table, index }) => ({ index, found: `${table} without its account_id` }))];
}

/** Keys, constraints and indexes on rows of accounts whose first column is another one. */
function keysWithoutAccount(text: string, ofAccounts: ReadonlySet<string>): Hit[] {
  const [, table = '', body = ''] = /^\s*create table (\w+) \((.*)\)/s.exec(text) ?? [];
  const inTable = ofAccounts.has(table)
    ? [
        ...matches(body, /\b(?:primary key|unique|foreign key) \((\w+)/g).filter(
          ({ groups }) => groups[0] !== 'account_id',
        ),
        ...matches(body, /^\s*(\w+) [^,\n(]*\b(?:primary key|unique)\b/gm).filter(
          ({ groups }) => groups[0] !== 'account_id',
        ),
      ].map(({ groups: [column] }) => ({
        index: text.indexOf(body),
        found: `${table} has a key that begins with ${column}`,
      }))
    : [];
  const indexes = matches(text, /^\s*create (?:unique )?index (\w+) on (\w+) \((\w+)/g)
    .filter(({ groups: [, of = '', column] }) => ofAccounts.has(of) && column !== 'account_id')
    .map(({ index, groups: [name, , column] }) => ({ index, found: `${name} begins with ${column}` }));
  return [...inTable, ...indexes];
}

/** Tables that are read or written, with the names that their columns go by; the target of an insert is none. */
function tablesRead(text: string): { table: string; alias: string; index: number }[] {
  const named = text.replace(/extract\(\w+ from|distinct from/g, (found) => ' '.repeat(found.length));
  return matches(
    named,
    /\b(?:from|join|using|update)\s+(?:only\s+)?([a-z_]+)(?:\s+(?:as\s+)?(?!set\b|where\b|on\b|join\b|left\b|cross\b|order\b|group\b|limit\b|for\b|using\b|union\b|returning\b)([a-z_]\w*))?/g,
  ).map(({ index, groups: [table = '', alias] }) => ({ index, table, alias: alias ?? '' }));
}

/**
 * The names whose rows are of accounts that the caller gives: `account_id` is compared with a parameter, or with that of
 * a name of which this is known. A name for two things counts as one; '' is a column without a name before it.
 */
function namesOfGivenAccounts(text: string): Set<string> {
  const links = [
    ...matches(text, /(?:\b(\w+)\.)?\baccount_id\s*=\s*(?:(\w+)\.)?account_id\b/g).map(
      ({ groups: [a = '', b = ''] }) => [a, b],
    ),
    ...matches(text, /\((?:(\w+)\.)?account_id,[^()]*\)\s*in\s*\(\s*select\s+(?:(\w+)\.)?account_id\b/g).map(
      ({ groups: [a = '', b = ''] }) => [a, b],
    ),
    ...commonTables(text),
  ];
  const given = new Set([
    ...matches(text, /(?:\b(\w+)\.)?\baccount_id\s*=\s*(?:any\()?\$\d/g).map(({ groups: [name = ''] }) => name),
    // Rows that are parameters themselves.
    ...matches(text, /\bas (\w+)\s*\(\s*account_id\b/g).map(({ groups: [name = ''] }) => name),
  ]);
  // Each round adds a name or is the last one.
  for (let rounds = links.length; rounds > 0; rounds -= 1) {
    for (const link of links) if (link.some((name) => given.has(name))) for (const name of link) given.add(name);
  }
  return given;
}

/** By each common table expression, the names that its rows come from and the names it is read by. */
function commonTables(text: string): string[][] {
  return matches(text, /\b(\w+) as (?:materialized )?\(/g).flatMap(({ index, whole, groups: [name = ''] }) => {
    const start = index + whole.length;
    const inside = text.slice(start, endOfClause(text, start));
    const from = tablesRead(inside).map(({ alias }) => alias);
    const readers = tablesRead(text).filter(({ table }) => table === name);
    return readers.map(({ table, alias }) => (alias === '' ? ['', table, ...from] : [alias, ...from]));
  });
}

/** Up to the parenthesis that closes what the position is in, or to the end. */
function endOfClause(text: string, index: number): number {
  let depth = 0;
  for (let at = index; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')') depth -= 1;
    if (depth < 0) return at;
  }
  return text.length;
}

/** Bodies of functions are part of their statement. */
function withoutBodies(text: string): string {
  return text.replace(/\$\$.*?\$\$/gs, (body) => ' '.repeat(body.length));
}

interface Match {
  index: number;
  whole: string;
  groups: (string | undefined)[];
}

function matches(text: string, pattern: RegExp): Match[] {
  return [...text.matchAll(pattern)].map((match) => ({ index: match.index, whole: match[0], groups: match.slice(1) }));
}

function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

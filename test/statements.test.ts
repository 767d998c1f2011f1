import { describe, expect, it } from 'vitest';
import {
  type Breach,
  findBreaches,
  findCountedInserts,
  findUnboundedLoops,
  RULES,
  type Rule,
  readTables,
} from './tidy/scale-rules.ts';
import { describeStatements, readMigrationTexts, readStatements } from './tidy/sql-texts.ts';

/*
 * What every statement keeps to, so that an installation can move to a database of several machines (decision page
 * 0067), as far as a text search holds it. When a rule hurts, add a row to EXCEPTIONS that says why.
 */

/** A place that may break a rule. Each row is needed: one that nothing breaks any more fails the test. */
interface Exception {
  rule: Rule;
  /** A file, or the beginning of paths. */
  path: string;
  /** A part of what was found there, or of the statement. */
  holds: string;
  why: string;
}

const QUEUE = 'The job queue has a schema of its own, whose name follows from SLUICE_SCHEMA.';
const PLANS = 'Chooses plans; each plan has the same result.';
const BOUND = 'Bounds a wait; without it the statement waits longer.';
const FLUSH =
  'On a server as it comes, commits are flushed; what is switched off is written again, or stopped by the fence.';
/** Rows with it may go at any time. */
const FOREIGN = 'A stranger shows nothing else, so the account is what is looked for.';
const EACH_PART = 'Work for all accounts, which each part of a spread database can be asked by itself.';
const NUMBERED = 'Its rows have the number of a key or of a kind, which is of one account (decision page 0102).';

const EXCEPTIONS: readonly Exception[] = [
  { rule: 'no-schema-named', path: 'src/store/postgres/jobs.ts', holds: '.add_job(', why: QUEUE },
  { rule: 'no-schema-named', path: 'src/store/postgres/table-keeper.ts', holds: 'schema}.', why: QUEUE },

  { rule: 'settings-for-speed', path: 'src/store/postgres/session.ts', holds: 'plan_cache_mode', why: PLANS },
  { rule: 'settings-for-speed', path: 'src/store/postgres/session.ts', holds: 'enable_', why: PLANS },
  { rule: 'settings-for-speed', path: 'src/store/postgres/session.ts', holds: 'jit', why: PLANS },
  {
    rule: 'settings-for-speed',
    path: 'src/store/postgres/session.ts',
    holds: 'idle_in_transaction_session_timeout',
    why: 'Frees the locks of a process that sleeps; the fence says whether it may still write.',
  },
  { rule: 'settings-for-speed', path: 'src/store/postgres/', holds: 'statement_timeout', why: BOUND },
  { rule: 'settings-for-speed', path: 'src/store/postgres/', holds: 'lock_timeout', why: BOUND },
  { rule: 'settings-for-speed', path: 'src/store/postgres/run-store.ts', holds: 'synchronous_commit', why: FLUSH },
  {
    rule: 'settings-for-speed',
    path: 'src/store/postgres/run-store.ts',
    holds: 'gin_pending_list_limit',
    why: 'Says who adds new words to their index, and when; they are found before and after.',
  },
  {
    rule: 'settings-for-speed',
    path: 'src/store/postgres/turn-store.ts',
    holds: 'synchronous_commit = off',
    why: 'A choice that is lost with the server was followed by no claim: the flush of a claim takes it along.',
  },
  {
    rule: 'settings-for-speed',
    path: 'src/store/postgres/partitions.ts',
    holds: 'synchronous_commit = off',
    why: 'A partition that is lost with the server is made again.',
  },
  {
    rule: 'settings-for-speed',
    path: 'src/server/test-switches.ts',
    holds: 'synchronous_commit',
    why: 'Takes a guarantee away, for the chaos run.',
  },
  { rule: 'settings-for-speed', path: 'src/store/postgres/leads.ts', holds: 'plan_cache_mode', why: PLANS },
  { rule: 'settings-for-speed', path: 'src/store/postgres/leads.ts', holds: 'enable_', why: PLANS },
  { rule: 'settings-for-speed', path: 'src/store/postgres/lead-search.ts', holds: 'enable_', why: PLANS },
  { rule: 'settings-for-speed', path: 'src/store/postgres/lead-search.ts', holds: 'jit', why: PLANS },
  { rule: 'settings-for-speed', path: 'src/store/postgres/statistics.ts', holds: 'work_mem', why: PLANS },
  { rule: 'settings-for-speed', path: 'src/store/postgres/statistics.ts', holds: 'enable_', why: PLANS },
  ...['fold-digests', 'outbox'].map((name) => ({
    rule: 'settings-for-speed' as const,
    path: `src/store/postgres/${name}.ts`,
    holds: 'set transaction isolation level',
    why: 'Part of the begin of its transaction, with which it travels.',
  })),

  {
    rule: 'rows-of-returning',
    path: 'src/store/postgres/table-keeper.ts',
    holds: 'the statement is not found',
    why: 'Sweeps delete, and failAbandoned updates.',
  },
  {
    rule: 'rows-of-returning',
    path: 'src/store/postgres/run-calls.ts',
    holds: 'the statement is not found',
    why: 'Gives every caller what the driver would give.',
  },

  {
    rule: 'bounded-loops',
    path: 'src/store/batcher.ts',
    holds: '',
    why: 'Waits for a database that is away, in growing pauses; a stop ends it, and leads leave the group as their wait ends.',
  },
  {
    rule: 'bounded-loops',
    path: 'src/store/postgres/share-queries.ts',
    holds: 'waiting.length > 0',
    why: 'Each round answers callers that wait; there are as many as requests.',
  },
  {
    rule: 'bounded-loops',
    path: 'src/flows/live-flows.ts',
    holds: 'isCurrent',
    why: 'Each further round needs a further deploy of the flow, and each puts what it compiled into use.',
  },
  {
    rule: 'bounded-loops',
    path: 'src/jobs/work/resubmit.ts',
    holds: 'job.signal.aborted',
    why: 'The row of the job has a time limit, which aborts it.',
  },

  { rule: 'account-first', path: 'sql/0001_initial.sql', holds: 'key_hash', why: FOREIGN },
  { rule: 'account-first', path: 'sql/0001_initial.sql', holds: 'flows_by_id', why: FOREIGN },
  { rule: 'account-first', path: 'sql/0009_users.sql', holds: 'users_by_email', why: FOREIGN },
  { rule: 'account-first', path: 'sql/0009_users.sql', holds: 'begins with token_hash', why: FOREIGN },
  { rule: 'account-first', path: 'sql/0029_batches.sql', holds: 'batches_due', why: EACH_PART },
  { rule: 'account-first', path: 'sql/0029_batches.sql', holds: 'batch_files_expired', why: EACH_PART },
  { rule: 'account-first', path: 'sql/0010_api_key_scopes.sql', holds: 'begins with key_hash', why: FOREIGN },
  { rule: 'account-first', path: 'sql/0002_retries.sql', holds: 'retries_due', why: EACH_PART },
  { rule: 'account-first', path: 'sql/0002_retries.sql', holds: 'retries_running', why: EACH_PART },
  { rule: 'account-first', path: 'sql/0004_recipient_health.sql', holds: 'recipient_health_by_node', why: EACH_PART },
  { rule: 'account-first', path: 'sql/0021_cap_alerts.sql', holds: 'cap_alerts_due', why: EACH_PART },
  { rule: 'account-first', path: 'src/store/postgres/cap-alerts.ts', holds: 'looked_at <= $1', why: EACH_PART },
  { rule: 'account-first', path: 'sql/0011_jobs.sql', holds: 'jobs_open', why: EACH_PART },
  { rule: 'account-first', path: 'sql/0011_jobs.sql', holds: 'jobs_ended', why: EACH_PART },
  { rule: 'account-first', path: 'sql/0011_jobs.sql', holds: 'job_artefacts_expired', why: EACH_PART },
  { rule: 'account-first', path: 'sql/0038_reports.sql', holds: 'begins with share_hash', why: FOREIGN },
  { rule: 'account-first', path: 'sql/0040_welcome_links.sql', holds: 'begins with token_hash', why: FOREIGN },
  {
    rule: 'account-first',
    path: 'src/store/postgres/welcome-links.ts',
    holds: 'insert into welcome_links',
    why: 'The account is the one row of `w`.',
  },
  { rule: 'account-first', path: 'sql/0042_posting_links.sql', holds: 'begins with token_hash', why: FOREIGN },
  { rule: 'account-first', path: 'src/store/postgres/posting-links.ts', holds: 'token_hash = $1', why: FOREIGN },
  { rule: 'account-first', path: 'sql/0038_reports.sql', holds: 'reports_mail_due', why: EACH_PART },
  { rule: 'account-first', path: 'src/store/postgres/reports.ts', holds: 'share_hash = $1', why: FOREIGN },
  { rule: 'account-first', path: 'sql/0036_exports.sql', holds: 'exports_mail_due', why: EACH_PART },
  ...['event_tallies', 'latency_tallies', 'field_tallies'].map((table) => ({
    ...{
      rule: 'account-first' as const,
      path: 'sql/0039_narrow_counts.sql',
      holds: `${table} has a key`,
      why: NUMBERED,
    },
  })),
  { rule: 'account-first', path: 'src/store/postgres/event-kinds.ts', holds: 'event_tallies without', why: NUMBERED },
  { rule: 'account-first', path: 'src/store/postgres/failures.ts', holds: 'event_tallies without', why: NUMBERED },
  {
    rule: 'account-first',
    path: 'src/store/postgres/forget-classes.ts',
    holds: 'event_tallies without',
    why: NUMBERED,
  },
  { rule: 'account-first', path: 'src/store/postgres/statistics.ts', holds: 'latency_tallies without', why: NUMBERED },
  { rule: 'account-first', path: 'src/store/postgres/field-usage.ts', holds: 'field_tallies without', why: NUMBERED },
  { rule: 'account-first', path: 'sql/0022_feedback.sql', holds: 'feedback_pending', why: EACH_PART },
  { rule: 'account-first', path: 'sql/0022_feedback.sql', holds: 'feedback_relaying', why: EACH_PART },
];

const migrations = readMigrationTexts();
const tables = readTables(migrations);
const product = readStatements(['src']);

function breachesIn(rule: Rule, { texts, rowCounts, loops }: typeof product): Breach[] {
  if (rule === 'rows-of-returning') return findCountedInserts(rowCounts);
  if (rule === 'bounded-loops') return findUnboundedLoops(loops);
  return findBreaches(rule, texts, tables);
}

const all = { ...product, texts: [...product.texts, ...migrations] };

function isExcepted(rule: Rule, breach: Breach): boolean {
  return EXCEPTIONS.some((row) => row.rule === rule && doesCover(row, breach));
}

function doesCover({ path, holds }: Exception, breach: Breach): boolean {
  return breach.path.startsWith(path) && `${breach.found} ${breach.text}`.includes(holds);
}

describe('every statement of the product', () => {
  it('is read', () => {
    expect(product.texts.length).toBeGreaterThan(200);
    expect(migrations.length).toBeGreaterThan(60);
    expect([...tables.ofAccounts]).toEqual(expect.arrayContaining(['leads', 'events', 'cap_windows', 'retries']));
    expect(tables.timeColumns.get('cap_windows')).toEqual(['updated_at']);
  });

  it.each(RULES)('keeps to %s', (rule) => {
    const found = breachesIn(rule, all).filter((breach) => !isExcepted(rule, breach));
    expect(found.map(({ path, line, found: what, text }) => `${path}:${line}: ${what}: ${text}`)).toEqual([]);
  });

  it('is no exception without need', () => {
    const breaches = RULES.map((rule) => ({ rule, found: breachesIn(rule, all) }));
    const unneeded = EXCEPTIONS.filter(
      (row) => !breaches.some(({ rule, found }) => rule === row.rule && found.some((each) => doesCover(row, each))),
    );
    expect(unneeded).toEqual([]);
  });
});

/**
 * All that writes what statistics and search count. Each adds a digest in the same transaction, or its rows are missing from
 * every count (decision page 0091); src/store/postgres/fold-digests.test.ts compares all of them with a recount. A new writer
 * adds one too, and a row here and there.
 */
const WRITERS = [
  'src/store/postgres/end-retry.ts: insert into events',
  // Take values of people out of reasons and facts: what was counted stays, by a class that has none.
  'src/store/postgres/erase-pings.ts: update pings',
  'src/store/postgres/forget-leads.ts: update events',
  'src/store/postgres/forget-leads.ts: update leads',
  'src/store/postgres/money-entries.ts: insert into money_entries',
  'src/store/postgres/settle-statements.ts: insert into events',
  'src/store/postgres/settle-statements.ts: insert into leads',
  'src/store/postgres/settle-statements.ts: insert into pings',
];

describe('what is counted', () => {
  it('is written by statements that a digest comes with, and by no other', () => {
    const writes = product.texts.flatMap(({ path, text }) => {
      const found = /\b(insert into|update)\s+(leads|events|pings|money_entries)\b/.exec(text);
      return found ? [`${path}: ${found[1]} ${found[2]}`] : [];
    });
    expect(writes.toSorted()).toEqual(WRITERS);
  });
});

describe('a rule', () => {
  /** A statement that breaks each rule, and a like one that does not. */
  const CASES: readonly { rule: Rule; broken: string; kept: string }[] = [
    { rule: 'no-schema-named', broken: 'select id from public.leads', kept: 'select l.id from leads l' },
    { rule: 'no-schema-named', broken: `select \${schema}.f()`, kept: 'select f()' },
    { rule: 'no-schema-named', broken: 'set search_path = east', kept: 'select extract(epoch from l.at) from leads l' },
    { rule: 'one-statement', broken: 'select 1; select 2', kept: 'select 1;' },
    { rule: 'settings-for-speed', broken: 'set local row_security = off', kept: 'select 1' },
    {
      rule: 'immutable-returning',
      broken: 'update nodes set pid = 1 returning extract(epoch from started_at)',
      kept: 'with n as (update nodes set pid = 1 returning started_at) select extract(epoch from started_at) from n',
    },
    { rule: 'immutable-returning', broken: `update nodes set pid = 1 returning \${CLOCK}`, kept: `select \${CLOCK}` },
    {
      rule: 'time-is-a-parameter',
      broken: 'delete from nodes where started_at < clock_timestamp()',
      kept: 'delete from nodes where started_at < now()',
    },
    {
      rule: 'time-is-a-parameter',
      broken: 'update nodes set started_at = clock_timestamp() where id = $1',
      kept: 'insert into nodes (id, started_at) values ($1, clock_timestamp())',
    },
    {
      rule: 'time-is-a-parameter',
      broken: 'insert into nodes (id, started_at) select id, now() from unnest($1::text[]) as n(id)',
      kept: 'insert into nodes (id, started_at) select id, $2 from unnest($1::text[]) as n(id)',
    },
    {
      rule: 'time-is-a-parameter',
      broken: 'insert into job_pools (id, node_id) select id, $2 from unnest($1::text[]) as p(id)',
      kept: 'insert into job_pools (id, node_id, created_at) select id, $2, $3 from unnest($1::text[]) as p(id)',
    },
    {
      rule: 'searched-case',
      broken: "select case $1 when 'a' then 1 end",
      kept: "select case when $1 = 'a' then 1 end",
    },
    {
      rule: 'rows-of-returning',
      broken: 'insert into nodes (id) select $1 on conflict do nothing',
      kept: 'insert into nodes (id) select $1 on conflict (id) do update set pid = 1',
    },
    {
      rule: 'account-first',
      broken: 'select id from leads where id = $1',
      kept: 'select id from leads where account_id = $1 and id = $2',
    },
    {
      rule: 'account-first',
      broken: 'select l.id from leads l join events e on e.lead_id = l.id where l.account_id = $1',
      kept: 'select l.id from leads l join events e on e.account_id = l.account_id and e.lead_id = l.id where l.account_id = $1',
    },
    {
      rule: 'account-first',
      broken: 'delete from retries r using leads l where r.account_id = l.account_id and r.lead_id = l.id',
      kept: 'with k as (select account_id, id from leads where account_id = $1) delete from retries r using k where r.account_id = k.account_id',
    },
  ];

  /** With the statement in the third line. */
  const fileOf = (sql: string) => ({
    path: 'a.ts',
    text: `const CLOCK = 'extract(epoch from clock_timestamp())';\nconst { rowCount } = await pool.query(\n\`${sql}\`);\n`,
  });

  it.each(CASES)('$rule finds "$broken"', ({ rule, broken, kept }) => {
    const of = (sql: string) => breachesIn(rule, describeStatements([fileOf(sql)]));
    expect(of(broken)).not.toEqual([]);
    expect(of(kept)).toEqual([]);
  });

  it('names the line inside a statement', () => {
    const [found] = breachesIn('searched-case', describeStatements([fileOf("select\n  case $1 when 'a' then 1 end")]));
    expect(found).toMatchObject({ line: 4, found: 'case … when' });
  });

  it('account-first takes a comment for an answer', () => {
    const text = '/** Of all accounts. */\nexport const SWEEP = `delete from retries where status = 1`;';
    expect(breachesIn('account-first', describeStatements([{ path: 'a.ts', text }]))).toEqual([]);
  });

  it.each([
    ['a loop without a condition', 'async function f() { for (;;) await look(); }'],
    ['a loop that waits for something', 'async function f() { while (!isThere) isThere = await look(); }'],
    ['a function that calls itself', 'async function f() { if (await look()) return; return f(); }'],
  ])('bounded-loops finds %s', (_name, text) => {
    expect(breachesIn('bounded-loops', describeStatements([{ path: 'src/store/a.ts', text }]))).toHaveLength(1);
  });

  it.each([
    ['a constant in its head', 'async function f() { for (let look = 0; look < LOOKS_MAX; look += 1) await see(); }'],
    [
      'a constant that ends it',
      'async function f() { for (;;) { await see(); if (looks >= LOOKS_MAX) throw tired; } }',
    ],
    ['nothing to wait for', 'function f() { while (stack.length > 0) stack.pop(); }'],
  ])('bounded-loops takes %s', (_name, text) => {
    expect(breachesIn('bounded-loops', describeStatements([{ path: 'src/store/a.ts', text }]))).toEqual([]);
  });
});

import type pg from 'pg';
import type { ProblemMark } from '../../problems/problem.ts';
import type { ProblemStore } from '../../problems/problem-store.ts';
import { RECORD_NOTHING, type RecordChange } from './activity.ts';
import { inTransaction } from './in-transaction.ts';

/** What people said about problems, by the primary key. */
export function createProblemStore(pool: pg.Pool, record: RecordChange = RECORD_NOTHING): ProblemStore {
  return {
    listMarks: (accountId) => readMarks(pool, { accountId, ids: null }),
    setMark: ({ accountId, mark, name }) =>
      inTransaction(pool, async (client) => {
        const [before] = await readMarks(client, { accountId, ids: [mark.id] });
        await client.query(
          `insert into problem_marks (account_id, id, state, muted_until, note, changed_at)
           values ($1, $2, $3, $4, $5, $6)
           on conflict (account_id, id) do update set state = excluded.state, muted_until = excluded.muted_until,
             note = excluded.note, changed_at = excluded.changed_at`,
          [accountId, mark.id, mark.state, dateOf(mark.mutedUntil), mark.note, new Date(mark.changedAt)],
        );
        await record(client, accountId, {
          ...{ kind: 'problem', action: 'update', subject: { id: mark.id, name } },
          ...{ before: before ? { document: documentOf(before) } : null, after: { document: documentOf(mark) } },
        });
      }),
    recordRetry: ({ accountId, id, name, counts }) =>
      record(pool, accountId, {
        ...{ kind: 'problem', action: 'run', subject: { id, name } },
        ...{ before: null, after: { document: { counts } } },
      }),
  };
}

interface MarkRow {
  id: string;
  state: ProblemMark['state'];
  muted_until: Date | null;
  note: string | null;
  changed_at: Date;
}

/** An account has as many as somebody set; there are 20,000 kinds of failures at most. */
async function readMarks(
  client: Pick<pg.ClientBase, 'query'>,
  { accountId, ids }: { accountId: string; ids: readonly string[] | null },
): Promise<ProblemMark[]> {
  const { rows } = await client.query<MarkRow>(
    `select m.id, m.state, m.muted_until, m.note, m.changed_at from problem_marks m
      where m.account_id = $1 and ($2::text[] is null or m.id = any($2))`,
    [accountId, ids],
  );
  return rows.map((row) => ({
    id: row.id,
    state: row.state,
    mutedUntil: row.muted_until?.getTime() ?? null,
    note: row.note,
    changedAt: row.changed_at.getTime(),
  }));
}

function dateOf(instant: number | null): Date | null {
  return instant === null ? null : new Date(instant);
}

function documentOf({ state, mutedUntil, note }: ProblemMark) {
  return { state, muted_until: dateOf(mutedUntil)?.toISOString() ?? null, note };
}

import type pg from 'pg';
import { computeIdRange } from '../../events/id-range.ts';
import type { News, NewsPosition, NewsStore } from '../../events/news-store.ts';
import { instantOfId } from '../../lib/ids.ts';
import { EVENT_COLUMNS, type EventRow, eventOf, inReadingView } from './events.ts';

/** Looked at again: how much later a lead may be committed than one whose ids are greater, if it is not in `runs`. */
const OVERLAP_MS = 10_000;
/** Events of a look; a busy server has some hundreds a second. */
const NEWS_MAX = 5_000;
/** Slow leads that are followed; there are as many as recipients that do not answer. */
const RUNNING_MAX = 2_000;

export function createNewsStore(pool: pg.Pool): NewsStore {
  const reading = <T>(work: (client: pg.ClientBase) => Promise<T>) => inReadingView(pool, work);
  return {
    begin: (accountId) => reading((client) => begin(client, accountId)),
    readNews: (accountId, position) => reading((client) => readNews(client, { accountId, position })),
  };
}

interface Look {
  accountId: string;
  position: NewsPosition;
}

type NewsRow = EventRow & { flow_id: string; source_id: string };

/** All that is there has been seen. By events_by_id of each partition. */
async function begin(client: pg.ClientBase, accountId: string): Promise<NewsPosition> {
  const { rows } = await client.query<{ id: string }>(
    'select e.id from events e where e.account_id = $1 order by e.id desc limit 1',
    [accountId],
  );
  const newest = rows[0]?.id;
  const floor = newest === undefined ? '' : floorBelow(newest);
  const { rows: seen } = await client.query<{ id: string }>(
    'select e.id from events e where e.account_id = $1 and e.id > $2 order by e.id desc limit $3',
    [accountId, floor, NEWS_MAX],
  );
  return {
    floor,
    seen: new Set(seen.map(({ id }) => id)),
    running: await listRunning(client, { accountId, floor }),
  };
}

async function readNews(client: pg.ClientBase, { accountId, position }: Look): Promise<News> {
  const recent = await readRecent(client, { accountId, position });
  const newest = recent[0]?.id;
  const [, floor = position.floor] = [newest === undefined ? '' : floorBelow(newest), position.floor].toSorted();
  const running = await listRunning(client, { accountId, floor });
  const stillRunning = new Set(running);
  const ended = position.running.filter((leadId) => !stillRunning.has(leadId));
  const late = await readLate(client, { accountId, position, ended });
  const rows = [...late, ...recent.toReversed()];
  const seen = new Set([...position.seen, ...rows.map(({ id }) => id)].filter((id) => id > floor));
  return {
    events: rows.map((row) => ({ record: eventOf(row), flowId: row.flow_id, sourceId: row.source_id })),
    isCut: recent.length === NEWS_MAX,
    position: { floor, seen, running },
  };
}

/** Newest first. By events_by_id of each partition: the events of some seconds. */
async function readRecent(client: pg.ClientBase, { accountId, position }: Look): Promise<NewsRow[]> {
  const { rows } = await client.query<NewsRow>(
    `select ${EVENT_COLUMNS}, e.flow_id, e.source_id
       from events e
      where e.account_id = $1 and e.id > $2 and e.id <> all($3)
      order by e.id desc limit $4`,
    [accountId, position.floor, [...position.seen], NEWS_MAX],
  );
  return rows;
}

/** Events of leads that were under way at the last look, below the floor of that look. By the primary key. */
async function readLate(
  client: pg.ClientBase,
  { accountId, position, ended }: Look & { ended: readonly string[] },
): Promise<NewsRow[]> {
  if (ended.length === 0) return [];
  const { rows } = await client.query<NewsRow>(
    `select ${EVENT_COLUMNS}, e.flow_id, e.source_id
       from events e
      where e.account_id = $1 and e.lead_id = any($2) and e.id <= $3
      order by e.id limit $4`,
    [accountId, ended, position.floor, NEWS_MAX],
  );
  return rows;
}

/** By the primary key of `runs`. */
async function listRunning(
  client: pg.ClientBase,
  { accountId, floor }: { accountId: string; floor: string },
): Promise<string[]> {
  const { rows } = await client.query<{ lead_id: string }>(
    'select r.lead_id from runs r where r.account_id = $1 and r.lead_id < $2 order by r.lead_id limit $3',
    [accountId, floor, RUNNING_MAX],
  );
  return rows.map(({ lead_id }) => lead_id);
}

function floorBelow(id: string): string {
  return computeIdRange(Math.max(0, instantOfId(id) - OVERLAP_MS), null).after;
}

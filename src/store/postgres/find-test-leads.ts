import type pg from 'pg';
import { joinTexts, type PersonFinder } from '../../keeping/person.ts';
import type { ByteBox } from '../secret-box.ts';
import { testLeadContext } from './test-leads.ts';

/** A test lead that has a person. */
export interface FoundTestLead {
  flowId: string;
  id: string;
  name: string;
  sourceId: string;
  updatedAt: Date;
  /** What was sealed of it, parsed; null: no key opens it any more, and the person is in its name. */
  content: Record<string, unknown> | null;
}

/** Rows of one read, and reads. */
const PAGE_ROWS = 1_000;
const PAGES_MAX = 1_000_000;

/** The test leads of an account that have the person, page by page. An account has some hundreds of flows with 100 at most. */
export async function* findTestLeads(
  db: Pick<pg.ClientBase, 'query'>,
  { accountId, finder, box }: { accountId: string; finder: PersonFinder; box: ByteBox },
): AsyncGenerator<FoundTestLead[]> {
  let after = '';
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { rows } = await db.query<Row>(
      `select flow_id, id, name, source_id, sealed_lead, updated_at from test_leads
        where account_id = $1 and id > $2 order by id limit ${PAGE_ROWS}`,
      [accountId, after],
    );
    // Its texts one by one: in JSON they would be escaped.
    yield rows.map((row) => open(row, box)).filter(({ name, content }) => finder.isIn(joinTexts([name, content])));
    if (rows.length < PAGE_ROWS) return;
    after = rows.at(-1)?.id ?? after;
  }
}

interface Row {
  flow_id: string;
  id: string;
  name: string;
  source_id: string;
  sealed_lead: Buffer;
  updated_at: Date;
}

function open({ flow_id: flowId, id, name, source_id: sourceId, ...row }: Row, box: ByteBox): FoundTestLead {
  const opened = box.openBytes(row.sealed_lead, testLeadContext(id));
  const content = opened === null ? null : JSON.parse(opened.toString()); // written by the store of test leads
  return { flowId, id, name, sourceId, updatedAt: row.updated_at, content };
}

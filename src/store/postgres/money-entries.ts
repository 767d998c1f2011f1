import type pg from 'pg';
import { negate } from '../../events/lead-money.ts';
import type { MoneyEntry } from '../../feedback/feedback.ts';
import type { RevenueBack } from '../../feedback/feedback-store.ts';
import type { Ids } from '../../lib/ids.ts';
import { addMoney, type Money, moneyFrom, NO_MONEY } from '../../model/money.ts';
import { parseEventFacts } from '../../stored/event-facts.ts';
import { insertLaterDigest } from './later-digest.ts';

/* Corrections of what leads cost and earned. The caller has locked the row of the lead. */

/** By money_entries_cost a cost that another return took back stays as it is. */
export async function insertEntry(
  client: pg.ClientBase,
  { accountId, entry }: { accountId: string; entry: MoneyEntry },
): Promise<void> {
  const { rows } = await client.query(
    `insert into money_entries (account_id, lead_id, id, kind, amount, reason, event_id, flow_id, source_id,
       recipient_id, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing
     returning id`,
    [
      ...[accountId, entry.leadId, entry.id, entry.kind, entry.amount, entry.reason, entry.eventId],
      ...[entry.flowId, entry.sourceId, entry.recipientId, new Date(entry.createdAt)],
    ],
  );
  if (rows.length === 0) return;
  const lead = { leadId: entry.leadId, ...NO_EVENTS, entryIds: [entry.id] };
  await insertLaterDigest(client, { accountId, id: entry.id, lead });
}

/** What is counted is the entry alone. */
const NO_EVENTS = { from: 1, to: 0 };

/**
 * Takes back what the recipient has paid for the lead in all of its deliveries, less what it got back before. Summed up
 * under the lock of the lead, so that no delivery that ends meanwhile is left out. Nothing is taken back of nothing.
 */
export async function takeBackRevenue(
  client: pg.ClientBase,
  { accountId, back }: { accountId: string; back: RevenueBack },
): Promise<void> {
  const amount = await sumLeft(client, { accountId, ...back });
  if (amount === NO_MONEY) return;
  await insertEntry(client, { accountId, entry: { ...back, kind: 'revenue', amount: negate(amount) } });
}

/** The same for a delivery that was sold, or found to be, after its recipient had returned the lead (decision page 0090). */
export async function takeBackLateRevenue(
  client: pg.ClientBase,
  sold: { accountId: string; leadId: string; flowId: string; sourceId: string; recipientId: string; ids: Ids },
): Promise<void> {
  const { accountId, leadId, flowId, sourceId, recipientId, ids } = sold;
  const { rows } = await client.query<{ event_id: string; now: Date }>(FIND_RETURN, [accountId, leadId, recipientId]);
  const [found] = rows;
  if (!found) return;
  const place = { leadId, flowId, sourceId, recipientId };
  const made = { id: ids.next(), reason: 'return', eventId: found.event_id, createdAt: found.now.getTime() } as const;
  await takeBackRevenue(client, { accountId, back: { ...place, ...made } });
}

/** By feedback_returns. */
const FIND_RETURN = `select event_id, now() as now from feedback
  where account_id = $1 and lead_id = $2 and recipient_id = $3 and type = 'return' and status = 'accepted'`;

/** Along the primary keys of `events` and `money_entries`: the rows of one lead. */
async function sumLeft(
  client: pg.ClientBase,
  { accountId, leadId, recipientId }: { accountId: string; leadId: string; recipientId: string },
): Promise<Money> {
  const values = [accountId, leadId, recipientId];
  const events = await client.query<{ facts: unknown }>(
    `select facts from events where account_id = $1 and lead_id = $2 and recipient_id = $3
       and type in ('recipient', 'retry') and outcome = 'success'`,
    values,
  );
  const entries = await client.query<{ amount: string }>(
    `select amount from money_entries where account_id = $1 and lead_id = $2 and recipient_id = $3 and kind = 'revenue'`,
    values,
  );
  const paid = events.rows.map(({ facts }) => {
    const { revenue } = parseEventFacts<'recipient' | 'retry'>(facts);
    return moneyFrom(revenue ?? 0) ?? NO_MONEY;
  });
  const back = entries.rows.map(({ amount }) => Number(amount) as Money); // the column is in the unit of Money
  return [...paid, ...back].reduce(addMoney, NO_MONEY);
}

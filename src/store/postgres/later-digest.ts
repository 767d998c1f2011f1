import type pg from 'pg';
import { type LaterLead, writeLater } from '../../statistics/stored-digest.ts';

/**
 * Adds what is to be counted of a lead after its end, in the transaction that writes it. `id`: of the event or the money
 * entry, which says when it counts.
 */
export async function insertLaterDigest(
  client: pg.ClientBase,
  { accountId, id, lead }: { accountId: string; id: string; lead: LaterLead },
): Promise<void> {
  await client.query('insert into digests (account_id, since, id, later) values ($1, $2, $3, $4)', [
    ...[accountId, id.slice(0, 8), id, writeLater({ leads: [lead], pingIds: [] })],
  ]);
}

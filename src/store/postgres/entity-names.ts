import type pg from 'pg';

/**
 * Names of entities by id, of those that were deleted the last one: counts and leads outlive what they name. By the primary key
 * of `entities`, and for each that is missing a look along activity_by_subject; activity is kept for three
 * years (`ACTIVITY_DAYS_KEPT`), and then the name is gone.
 */
export async function readEntityNames(
  client: pg.ClientBase,
  { accountId, entityIds }: { accountId: string; entityIds: readonly string[] },
): Promise<Map<string, string>> {
  const { rows } = await client.query<{ id: string; name: string | null }>(
    `select k.id, coalesce(
              (select e.name from entities e where e.account_id = $1 and e.id = k.id),
              (select a.subject_name from activity a
                where a.account_id = $1 and a.subject_id = k.id and a.kind = 'entity'
                order by a.id desc limit 1)) as name
       from unnest($2::text[]) as k(id)`,
    [accountId, entityIds],
  );
  return new Map(rows.flatMap(({ id, name }) => (name === null ? [] : [[id, name]])));
}

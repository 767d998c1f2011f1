import type pg from 'pg';

/*
 * An installation lives in one schema, with the job queue in a second one beside it, so that several can share a database
 * (decision page 0064). No statement names a schema: each connection looks for its tables in the one of its installation.
 */

export const DEFAULT_SCHEMA = 'public';

/** The connection of an installation. In the default schema nothing is asked of the server or of a pooler before it. */
export function connectInSchema<Connection extends pg.ClientConfig>(
  connection: Connection,
  schema: string,
): Connection & pg.ClientConfig {
  return schema === DEFAULT_SCHEMA ? connection : { ...connection, options: `-c search_path=${schema}` };
}

/** The job queue's own: another program that uses the same library in the same database has another schema. */
export function nameQueueSchema(schema: string): string {
  return schema === DEFAULT_SCHEMA ? 'sluice_worker' : `${schema}_worker`;
}

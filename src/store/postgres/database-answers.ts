import pg from 'pg';

const CONNECT_MS_MAX = 5_000;

/** undefined when a database takes connections; else why it does not. */
export async function whyNotAnswering(connection: pg.ClientConfig): Promise<string | undefined> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: CONNECT_MS_MAX });
  // A server that ends while it is asked reports on the connection, not on the question.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

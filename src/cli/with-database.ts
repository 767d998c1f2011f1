import pg from 'pg';
import { type Config, loadConfig } from '../config.ts';
import { createLog } from '../observe/log.ts';
import { nodeName } from './node-name.ts';
import { openDatabase } from './open-database.ts';

/** Where a command writes: what it was asked for, and what it has to say about it. */
export interface CommandOutput {
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
}

/**
 * Runs a command that works on the database directly, the running server's or one that it starts for the time. Returns
 * the exit code; what keeps it from opening the database is printed.
 */
export async function withDatabase(
  run: (pool: pg.Pool, output: CommandOutput, config: Config) => Promise<number>,
): Promise<number> {
  const loaded = loadConfig(process.env);
  if (!loaded.ok) return refuse(process, loaded.error.map(({ message }) => message).join('\n'));
  const log = createLog({ level: 'error', nodeName: nodeName() });
  const database = await openDatabase(loaded.value, log);
  if (!database.ok) return refuse(process, database.error);
  const pool = new pg.Pool({ ...database.value.connection, max: 1 });
  try {
    return await run(pool, process, loaded.value);
  } finally {
    await pool.end();
    await database.value.stop();
  }
}

/** Says why a command does nothing; the exit code that goes with it. */
export function refuse({ stderr }: CommandOutput, sentence: string): number {
  stderr.write(`${sentence}\n`);
  return 1;
}

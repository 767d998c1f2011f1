import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/package-root.ts';
import { openEmbeddedPostgres } from '../../src/store/embedded/embedded.ts';
import { migrate, readMigrations } from '../../src/store/postgres/migrate.ts';
import { connectInSchema } from '../../src/store/postgres/schemas.ts';
import type { TestDatabase } from './database.ts';
import { TEST_SCHEMA } from './test-schema.ts';

/** A database server that no other test uses, so that it may be killed. It is started again by itself, as in production. */
export interface PrivateDatabase extends TestDatabase {
  /** Ends its first process as the system would for want of memory; the others follow. */
  kill(): void;
  /** Ends it for good. */
  end(): Promise<void>;
}

/** Takes some two seconds: a new data directory and a server of its own. `drop` stops it. */
export async function createPrivateDatabase(): Promise<PrivateDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-private-'));
  // As root the server runs under another account, which has to get in.
  chmodSync(folder, 0o711);
  const dataDir = join(folder, 'data');
  const opened = await openEmbeddedPostgres({ dataDir, fallbackDir: join(folder, 'fallback') });
  if (!opened.ok) throw new Error(opened.error.message);
  const { stop } = opened.value;
  const connection = connectInSchema(opened.value.connection, TEST_SCHEMA);
  const migrated = await migrate(connection, readMigrations(join(packageRoot, 'sql')), TEST_SCHEMA);
  if (!migrated.ok) throw new Error(migrated.error.message);
  let ended: Promise<void> | undefined;
  const end = () => {
    ended ??= stop();
    return ended;
  };
  return {
    connection,
    end,
    kill: () => process.kill(postmasterPid(dataDir), 'SIGKILL'),
    drop: async () => {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function postmasterPid(dataDir: string): number {
  return Number(readFileSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
}

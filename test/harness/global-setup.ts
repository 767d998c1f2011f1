import { chmodSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { packageRoot } from '../../src/package-root.ts';
import { type EmbeddedPostgres, openEmbeddedPostgres } from '../../src/store/embedded/embedded.ts';
import { currentOwner } from '../../src/store/embedded/embedded-lock.ts';
import { ensureDatabase } from '../../src/store/postgres/ensure-database.ts';
import { migrate, readMigrations } from '../../src/store/postgres/migrate.ts';
import { connectInSchema, DEFAULT_SCHEMA } from '../../src/store/postgres/schemas.ts';
import { buildConsole, buildServer } from './build-dist.ts';
import { TEST_SCHEMA } from './test-schema.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /**
     * Path of a Unix socket; an HTTP request to it is answered with the database server's `TestServer`, one for
     * `/console` or `/server` once that is built.
     */
    testServerSocket: string;
  }
}

/** Where the database server of this test run is, and the migrated database to clone. */
export interface TestServer {
  connection: EmbeddedPostgres['connection'];
  templateDatabase: string;
}

const TEMPLATE = 'sluice_template';
const FOLDER_PREFIX = 'sluice-test-';
const BUILDS: Readonly<Record<string, () => Promise<void>>> = { '/console': buildConsole, '/server': buildServer };

/**
 * Runs once around all test files: one database server for the run, and one build of the console and of the server, each
 * started when the first file asks for it, so that a run of pure tests does not pay for them.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), FOLDER_PREFIX));
  // As root the server runs under another account, which has to get in.
  chmodSync(folder, 0o711);
  let server: Promise<EmbeddedPostgres> | undefined;
  const built = new Map<string, Promise<void>>();
  const rendezvous = createServer((req, res) => {
    const path = req.url ?? '';
    const build = BUILDS[path];
    if (build !== undefined) {
      const done = built.get(path) ?? build();
      built.set(path, done);
      done.then(
        () => res.end(),
        (error: unknown) => res.writeHead(500).end(String(error)),
      );
      return;
    }
    server ??= startServer(join(folder, 'data'), folder);
    server.then(
      ({ connection }) => res.end(JSON.stringify({ connection, templateDatabase: TEMPLATE } satisfies TestServer)),
      (error: unknown) => res.writeHead(500).end(String(error)),
    );
  });
  const socket = join(folder, 'ask');
  await new Promise<void>((resolve) => rendezvous.listen(socket, resolve));
  project.provide('testServerSocket', socket);

  return async () => {
    rendezvous.close();
    rendezvous.closeAllConnections();
    const started = await server?.catch(() => undefined);
    await started?.stop();
    // Under another name, or a run beside this one takes it for a left-over and starts its server again.
    const ended = join(tmpdir(), `ended-${basename(folder)}`);
    renameSync(folder, ended);
    // The last processes of the server may still write into it.
    rmSync(ended, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
}

async function startServer(dataDir: string, folder: string): Promise<EmbeddedPostgres> {
  const opened = await openEmbeddedPostgres({ dataDir, fallbackDir: join(folder, 'fallback') });
  if (!opened.ok) throw new Error(opened.error.message);
  await removeLeftOvers();
  const { connection } = opened.value;
  await ensureDatabase(connection, TEMPLATE);
  for (const schema of new Set([DEFAULT_SCHEMA, TEST_SCHEMA])) {
    const template = connectInSchema({ ...connection, database: TEMPLATE }, schema);
    const migrated = await migrate(template, readMigrations(join(packageRoot, 'sql')), schema);
    if (!migrated.ok) throw new Error(migrated.error.message);
  }
  return opened.value;
}

/** A test run that was killed leaves its server running; the next run that needs a server stops it. */
async function removeLeftOvers(): Promise<void> {
  const folders = readdirSync(tmpdir()).filter((name) => name.startsWith(FOLDER_PREFIX));
  for (const folder of folders.map((name) => join(tmpdir(), name))) {
    const dataDir = join(folder, 'data');
    // Its home is made under the lock: without one a run is just beginning there.
    if (!existsSync(join(dataDir, 'postgres')) || currentOwner(dataDir)) continue;
    const left = await openEmbeddedPostgres({ dataDir });
    if (!left.ok || !left.value.isOwner) continue;
    await left.value.stop();
    // The last processes of the server may still write into it.
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

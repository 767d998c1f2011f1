import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';
import { freePort } from '../harness/free-port.ts';
import { environmentOf } from '../harness/sluice-process.ts';
import { until } from '../harness/until.ts';

/*
 * What the Dockerfile does, without a container: its files, its build, its packages without those of development, its
 * commands. Not tested here: the base image, the user, the volume.
 */

const DOCKERFILE = readFileSync(join(packageRoot, 'Dockerfile'), 'utf8');

let folder: string;
let database: TestDatabase;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-image-'));
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

it('the image’s files, packages and commands start a server that is well', async () => {
  expect(DOCKERFILE).toContain('COPY . .\nRUN npm ci --no-audit --no-fund && npm run build && npm prune --omit=dev');
  copyTrackedFiles();
  symlinkSync(join(packageRoot, 'node_modules'), join(folder, 'node_modules'));
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: folder });
  rmSync(join(folder, 'node_modules'));
  linkProductionPackages();

  const port = String(await freePort());
  const env = {
    PATH: process.env['PATH'] ?? '',
    SLUICE_PORT: port,
    SLUICE_DATA_DIR: join(folder, 'data'),
    SLUICE_SECRET_KEY: 'ab'.repeat(32),
    ...environmentOf(database),
    // Its libraries are loaded only then.
    SLUICE_OTLP_ENDPOINT: 'http://127.0.0.1:9',
  };
  const [command = '', ...args] = commandAfter('CMD');
  const server = spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [server.stdout, server.stderr])
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  try {
    await until(
      'the server is ready, or has ended',
      async () => output.includes('is ready') || server.exitCode !== null,
    );
    expect(server.exitCode, output).toBeNull();
    const [checker = '', ...checks] = commandAfter('  CMD').map((word) => word.replace(':8400/', `:${port}/`));
    expect(spawnSync(checker, checks, { env }).status).toBe(0);
  } finally {
    const ended = server.exitCode === null ? once(server, 'exit') : undefined;
    server.kill('SIGTERM');
    await ended;
  }
  expect(server.exitCode).toBe(0);
});

/** A command of the Dockerfile in its form as JSON. */
function commandAfter(word: string): string[] {
  const line = DOCKERFILE.split('\n').find((each) => each.startsWith(`${word} [`));
  return JSON.parse(line?.slice(word.length) ?? '[]');
}

/** A clean checkout, without what .dockerignore names: none of it is tracked. */
function copyTrackedFiles(): void {
  const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: packageRoot, encoding: 'utf8' }).split('\0');
  for (const path of tracked) {
    if (path === '' || !existsSync(join(packageRoot, path))) continue;
    cpSync(join(packageRoot, path), join(folder, path), { preserveTimestamps: true });
  }
}

/** By the lock file: what `npm prune --omit=dev` leaves. */
function linkProductionPackages(): void {
  const { packages } = JSON.parse(readFileSync(join(packageRoot, 'package-lock.json'), 'utf8'));
  for (const [path, { dev, link }] of Object.entries<{ dev?: boolean; link?: boolean }>(packages)) {
    const isTop = path.startsWith('node_modules/') && !path.includes('/node_modules/');
    if (!isTop || dev || link || !existsSync(join(packageRoot, path))) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(join(packageRoot, path), join(folder, path));
  }
}

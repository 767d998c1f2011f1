import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtinModules } from '../../src/integrations/builtin-modules.ts';
import type { ExchangeModule, IntegrationModule, OutboundRequest } from '../../src/integrations/contract.ts';
import { installPackage } from '../../src/integrations/packages/install-package.ts';
import { type OpenPackages, openPackages } from '../../src/integrations/packages/open-packages.ts';
import { createPackageThreads } from '../../src/integrations/packages/package-threads.ts';
import { PACKAGE_WORKER_FILE } from '../../src/integrations/packages/worker-file.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { Vars } from '../../src/model/vars.ts';
import { packageRoot } from '../../src/package-root.ts';
import { difference } from '../conformance/difference.ts';
import { decode, encode } from '../conformance/encoding.ts';
import { CRASHES } from '../conformance/suite.ts';
import { buildPackageWorker } from './packages-directory.ts';

/*
 * Published packages, installed from npm as an operator would, beside our own modules of the same ids: for every
 * measured case both must make the same request, say the same before sending, and read the same event from an answer.
 * Skipped where the registry or the cases cannot be reached.
 */

const CASES = join(packageRoot, '..', 'shared', 'vectors', 'outbound.jsonl');
const PUBLISHED = ['leadconduit-custom', 'leadconduit-default'];
const whyNot = reasonToSkip();
if (whyNot !== undefined) console.warn(`published packages are not tested: ${whyNot}`);

interface MeasuredCase {
  kind: string;
  module: string;
  vars: unknown;
  response_in?: { status?: number; headers?: Record<string, string>; body?: string };
}

let directory: string;
let published: OpenPackages;
const builtin = builtinModules([]);

describe.skipIf(whyNot !== undefined)('published packages', () => {
  beforeAll(async () => {
    buildPackageWorker();
    directory = mkdtempSync(join(tmpdir(), 'sluice-published-'));
    const shut = { allowedNetworks: [], env: {}, nodeEnv: 'production' as const };
    const threads = createPackageThreads({ clock: systemClock, workerFile: PACKAGE_WORKER_FILE, ...shut });
    for (const name of PUBLISHED) {
      const installed = await installPackage(name, { directory, threads, env: process.env });
      if (!installed.ok) throw new Error(installed.error);
    }
    await threads.close();
    published = await openPackages({
      clock: systemClock,
      directory,
      workerFile: PACKAGE_WORKER_FILE,
      allowedNetworks: [],
      env: {},
    });
  }, 300_000);

  afterAll(async () => {
    await published?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('load, all of them', () => {
    expect(published.broken).toEqual([]);
    expect(published.modules.map(({ id }) => id)).toEqual([
      'leadconduit-custom.outbound.form',
      'leadconduit-custom.outbound.json',
      'leadconduit-custom.outbound.query',
      'leadconduit-custom.outbound.xml',
      'leadconduit-custom.outbound.soap',
      'leadconduit-default.inbound',
      'leadconduit-default.outbound',
    ]);
  });

  it('answer every measured case as our own modules do', { timeout: 120_000 }, async () => {
    const different: string[] = [];
    let compared = 0;
    for (const [index, line] of readFileSync(CASES, 'utf8').trim().split('\n').entries()) {
      const measured = JSON.parse(line) as MeasuredCase; // the shape its README tells
      const isOurs = builtin.some(({ id }) => id === measured.module);
      if (CRASHES.covers(measured) || !isOurs) continue;
      compared += 1;
      const found = await differenceOf(measured);
      if (found !== undefined) different.push(`line ${index + 1}, ${measured.module} ${measured.kind}: ${found}`);
    }
    expect(different).toEqual([]);
    expect(compared).toBeGreaterThan(120);
  });
});

async function differenceOf(measured: MeasuredCase): Promise<string | undefined> {
  const theirs = await run(published.modules, measured);
  const ours = await run(builtin, measured);
  return difference(ours, theirs);
}

const REQUEST: OutboundRequest = { url: 'https://recipient.example.com/', method: 'POST', headers: {} };

/** What the pipeline would get of the module. */
async function run(modules: readonly IntegrationModule[], measured: MeasuredCase): Promise<unknown> {
  const module = modules.find(({ id }) => id === measured.module) as ExchangeModule; // all modules of the cases are
  const vars = decode(measured.vars) as Vars; // as their README tells
  switch (measured.kind) {
    case 'validate':
      return (await module.validate(vars)) ?? null;
    case 'request': {
      const { url, method, headers, body, followAllRedirects } = await module.request(vars);
      return { url, method, headers: withoutLength(headers), body: body ?? null, followAllRedirects };
    }
    default: {
      const response = { status: 200, version: '1.1', headers: {}, body: '', ...measured.response_in };
      return encode(withPlainValues(await module.response(vars, REQUEST, response)));
    }
  }
}

/** The client computes it. */
function withoutLength(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-length'));
}

/** Over the thread's border go plain values; the pipeline makes rich ones of them by the declared types. */
function withPlainValues(event: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(event).map(([name, value]) => [
      name,
      value instanceof String || value instanceof Number || value instanceof Boolean ? value.valueOf() : value,
    ]),
  );
}

function reasonToSkip(): string | undefined {
  if (!existsSync(CASES)) return 'the measured cases are not here';
  try {
    execFileSync('npm', ['ping', '--fetch-retries=0', '--fetch-timeout=5000'], { stdio: 'ignore', timeout: 15_000 });
    return undefined;
  } catch {
    return 'the npm registry cannot be reached';
  }
}

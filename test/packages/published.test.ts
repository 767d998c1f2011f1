import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtinModules } from '../../src/integrations/builtin-modules.ts';
import type {
  ExchangeModule,
  HandleModule,
  IntegrationModule,
  OutboundRequest,
} from '../../src/integrations/contract.ts';
import { parseAllowedNetwork } from '../../src/integrations/forbidden-address.ts';
import { createHttpClient } from '../../src/integrations/http-client.ts';
import { installPackage } from '../../src/integrations/packages/install-package.ts';
import { type OpenPackages, openPackages } from '../../src/integrations/packages/open-packages.ts';
import { createPackageThreads } from '../../src/integrations/packages/package-threads.ts';
import { PACKAGE_WORKER_FILE } from '../../src/integrations/packages/worker-file.ts';
import { createModuleRegistry } from '../../src/integrations/registry.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { Transaction } from '../../src/model/event.ts';
import type { Vars } from '../../src/model/vars.ts';
import { packageRoot } from '../../src/package-root.ts';
import { runTestLead, TEST_NOW, type TestEnd } from '../../src/pipeline/testing/run-test-lead.ts';
import { testFlow } from '../../src/pipeline/testing/test-flow.ts';
import { difference } from '../conformance/difference.ts';
import { decode, encode } from '../conformance/encoding.ts';
import { openTestRecipient, type TestRecipient } from '../harness/recipient.ts';
import { buildPackageWorker } from './packages-directory.ts';

/*
 * Published packages, installed from npm as an operator would, beside our own modules of the same ids: for every
 * measured case both must make the same request, say the same before sending, and read the same event from an answer.
 * Skipped where the registry or the cases cannot be reached.
 */

const VECTORS = join(packageRoot, '..', 'shared', 'vectors');
const CASES = join(VECTORS, 'outbound.jsonl');
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
/** Published modules refuse `localhost` unless they believe to be tested. */
let local: OpenPackages;
let recipient: TestRecipient;
const builtin = builtinModules([]);

describe.skipIf(whyNot !== undefined)('published packages', () => {
  beforeAll(async () => {
    await buildPackageWorker();
    directory = mkdtempSync(join(tmpdir(), 'sluice-published-'));
    const shut = { allowedNetworks: [], env: {}, nodeEnv: 'production' as const };
    const threads = createPackageThreads({ clock: systemClock, workerFile: PACKAGE_WORKER_FILE, ...shut });
    for (const name of PUBLISHED) {
      const installed = await installPackage(name, { directory, threads, env: process.env });
      if (!installed.ok) throw new Error(installed.error);
    }
    await threads.close();
    recipient = await openTestRecipient();
    const options = { clock: systemClock, directory, workerFile: PACKAGE_WORKER_FILE, env: {} };
    published = await openPackages({ ...options, allowedNetworks: [] });
    local = await openPackages({ ...options, allowedNetworks: networks(), nodeEnv: 'test' });
  }, 300_000);

  afterAll(async () => {
    await published?.close();
    await local?.close();
    await recipient?.close();
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
      const measured = JSON.parse(line) as MeasuredCase; // the shape that its README describes
      const isOurs = builtin.some(({ id }) => id === measured.module);
      if (line.includes('"$throws"') || !isOurs) continue; // theirs crashes
      compared += 1;
      const found = await findDifference(measured);
      if (found !== undefined) different.push(`line ${index + 1}, ${measured.module} ${measured.kind}: ${found}`);
    }
    expect(different).toEqual([]);
    expect(compared).toBeGreaterThan(120);
  });

  it('make the same lead of a flow as our own modules do', async () => {
    const theirs = await leadWith(local.modules);
    const ours = await leadWith([]);
    expect(theirs.delivered).toEqual(ours.delivered);
    expect(theirs.delivered).toHaveLength(5);
    expect(difference(ours.seen, theirs.seen)).toBeUndefined();
    expect(theirs.end.faults).toEqual([]);
  });

  it('make the measured SOAP calls, which are on the event', { timeout: 60_000 }, async () => {
    const different: string[] = [];
    const lines = readFileSync(join(VECTORS, 'outbound-soap.jsonl'), 'utf8').trim().split('\n');
    for (const [index, line] of lines.entries()) {
      const found = await soapDifference(JSON.parse(line) as SoapCase); // the shape that its README describes
      if (found !== undefined) different.push(`line ${index + 1}: ${found}`);
    }
    expect(different).toEqual([]);
  });
});

function networks() {
  const network = parseAllowedNetwork(`127.0.0.1/32:${recipient.port}`);
  if (!network.ok) throw new Error(network.error);
  return [network.value];
}

interface LeadMade {
  end: TestEnd;
  delivered: unknown[];
  /** What the sender and the events get, without the versions of packages and the second of an answer. */
  seen: unknown;
}

/** A lead through the whole pipeline and the real HTTP client, over one step of each kind. */
async function leadWith(installed: readonly IntegrationModule[]): Promise<LeadMade> {
  const modules = createModuleRegistry(builtinModules(networks()), installed);
  const client = createHttpClient({
    clock: { now: () => TEST_NOW, monotonic: () => 0 },
    allowedNetworks: networks(),
  });
  const from = recipient.deliveries.length;
  recipient.answerWith(({ method }) => ({ body: { status: 'sold', price: method === 'GET' ? 2 : 3.5, why: 'so' } }));
  const end = await runTestLead({
    flow: testFlow({ steps: stepsTo(`http://localhost:${recipient.port}/leads`) }),
    values: { first_name: 'Zoë', email: 'zoe@example.com', phone_1: '512-789-4321', state: 'tx' },
    deps: { deliver: client.deliver },
    modules,
  });
  await client.close();
  const seen = JSON.parse(JSON.stringify([end.body, end.events, end.document]), (name, value) =>
    name === 'package_version' ? null : name === 'Date' ? 'some day' : value,
  );
  return { end, delivered: recipient.deliveries.slice(from), seen };
}

const READING = {
  outcome_search_path: 'status',
  outcome_search_term: 'sold',
  price_path: 'price',
  reason_path: 'why',
  timeout_seconds: '20',
};

function stepsTo(url: string) {
  const steps: [name: string, moduleId: string, mapped: Record<string, string>][] = [
    [
      'form',
      'leadconduit-custom.outbound.form',
      {
        'form_field.name': '{{lead.first_name}}',
        'form_field.area': '{{lead.phone_1.area}}',
        'header.X-Key': 'k',
        ...READING,
      },
    ],
    [
      'json',
      'leadconduit-custom.outbound.json',
      { 'json_property.phones.0': '{{lead.phone_1}}', 'json_property.state': '{{lead.state.name}}', ...READING },
    ],
    ['query', 'leadconduit-custom.outbound.query', { 'parameter.email': '{{lead.email}}', ...READING }],
    [
      'xml',
      'leadconduit-custom.outbound.xml',
      { 'xml_path.lead.name': '{{lead.first_name}} & more', basic_username: 'u', basic_password: 'p', ...READING },
    ],
    ['other', 'leadconduit-default.outbound', { method: 'POST', 'lead.first_name': '{{lead.first_name}}' }],
    ['skipped', 'leadconduit-custom.outbound.form', { url: 'nowhere' }],
  ];
  return steps.map(([name, moduleId, mapped], index) => ({
    id: `step0${index}`,
    type: 'recipient' as const,
    entity: { id: `b0b0b0b0b0b0b0b0b0b0b0b${index}`, name },
    integration: {
      module_id: moduleId,
      mappings: Object.entries({ url, ...mapped }).map(([property, value]) => ({ property, value })),
    },
  }));
}

interface SoapCase {
  vars: Record<string, unknown>;
  sent: { method: string; path: string; headers: Record<string, string>; body: string }[];
  reply: { status: number; body: string };
  event?: unknown;
  error?: string;
}

/** Serves the WSDL and the measured reply, and compares the calls, the event and what is recorded. */
async function soapDifference({ vars, sent, reply, event, error }: SoapCase): Promise<string | undefined> {
  const origin = `http://localhost:${recipient.port}`;
  const wsdl = readFileSync(join(VECTORS, 'soap-test.wsdl'), 'utf8').replaceAll('http://soap.test', origin);
  const from = recipient.deliveries.length;
  const asXml = { 'Content-Type': 'text/xml' };
  recipient.answerWith(({ method }) =>
    method === 'GET' ? { headers: asXml, body: wsdl } : { ...reply, headers: asXml },
  );
  const module = local.modules.find(({ id }) => id === 'leadconduit-custom.outbound.soap') as HandleModule; // it is one
  const transactions: Transaction[] = [];
  const given = decode(JSON.parse(JSON.stringify(vars).replaceAll('http://soap.test', origin))) as Vars; // as above
  const end = await module.handle(given, {
    begin: async () => undefined,
    note: (transaction) => transactions.push(transaction),
    timeLeftMs: () => 20_000,
    send: () => Promise.reject(new Error('a package sends by itself')),
  });
  const expected = {
    kind: 'answered',
    appended: event === undefined ? { outcome: 'error', reason: error } : decode(event),
  };
  const calls = recipient.deliveries.slice(from).filter(({ method }) => method === 'POST');
  const recorded = transactions.filter(({ request }) => request.method === 'POST');
  const place = ({ path, body }: { path: string; body: string }) => `${path} ${body}`;
  return (
    difference(expected, end) ??
    difference(sent.map(place), calls.map(place)) ??
    difference(
      sent.map((call) => `${origin}${place(call)} ${reply.body}`),
      recorded.map(({ request, response }) => `${request.uri} ${request.body} ${response?.body}`),
    )
  );
}

async function findDifference(measured: MeasuredCase): Promise<string | undefined> {
  const theirs = await run(published.modules, measured);
  const ours = await run(builtin, measured);
  return difference(ours, theirs);
}

const REQUEST: OutboundRequest = { url: 'https://recipient.example.com/', method: 'POST', headers: {} };

/** What the pipeline would get of the module. */
async function run(modules: readonly IntegrationModule[], measured: MeasuredCase): Promise<unknown> {
  const module = modules.find(({ id }) => id === measured.module) as ExchangeModule; // all modules of the cases are
  const vars = decode(measured.vars) as Vars; // as their README describes
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

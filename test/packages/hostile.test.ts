import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  Exchanges,
  HandleEnd,
  HandleModule,
  InboundModule,
  OutboundModule,
  OutboundRequest,
} from '../../src/integrations/contract.ts';
import type { OpenPackages } from '../../src/integrations/packages/open-packages.ts';
import type { Transaction } from '../../src/model/event.ts';
import type { Vars } from '../../src/model/vars.ts';
import { openTestRecipient, type TestRecipient } from '../harness/recipient.ts';
import { until } from '../harness/until.ts';
import { buildPackageWorker, createPackagesDirectory, type PackagesDirectory } from './packages-directory.ts';

/*
 * What packages do that they should not, and what becomes of it. Each runs in its thread; the tests that follow one
 * another show that the next call finds a fresh one.
 */

let directory: PackagesDirectory;
let packages: OpenPackages;
let shut: OpenPackages;
let recipient: TestRecipient;

beforeAll(async () => {
  await buildPackageWorker();
  directory = createPackagesDirectory();
  directory.place('hostile-package', '@acme/leadconduit-hostile');
  directory.place('plain-package', 'acme-plain');
  directory.place('broken-package', 'acme-broken');
  recipient = await openTestRecipient();
  packages = await directory.open({ networks: [`127.0.0.1/32:${recipient.port}`] });
  shut = await directory.open();
});

afterAll(async () => {
  await packages.close();
  await shut.close();
  await recipient.close();
  directory.remove();
});

describe('a package', () => {
  it('is what its pages and exports say', () => {
    const [hostile] = packages.packages.filter(({ id }) => id === 'leadconduit-hostile');
    expect(hostile).toMatchObject({
      packageName: '@acme/leadconduit-hostile',
      version: '1.2.3',
      provider: 'Acme',
      name: 'Hostile: a test',
      link: 'https://acme.example.com/',
      description: 'Does what packages should not.',
      repoUrl: 'https://git.example.com/acme/hostile.git',
    });
    expect(hostile?.modules.map(({ id }) => id)).not.toContain('leadconduit-hostile.ui');
    expect(hostile?.modules.find(({ path }) => path === 'outbound.polite')).toMatchObject({
      name: 'Polite',
      tag: 'Data Insights',
      integrationType: 'delivery',
      description: 'Behaves.',
    });
    expect(hostile?.modules.find(({ path }) => path === 'outbound.throws_text')?.name).toBe('Throws Text');
  });

  it('that throws while it loads is reported, with its reason', () => {
    expect(packages.broken).toEqual([
      { packageName: 'acme-broken', reason: 'The package acme-broken could not be loaded: it has no key' },
    ]);
  });

  it('without modules has none', () => {
    expect(packages.packages.find(({ id }) => id === 'acme-plain')?.modules).toEqual([]);
  });
});

describe('an exchange module', () => {
  it('sees rich values, its own variables of the environment, and nothing else', async () => {
    const phone = Object.assign(new String('5127891111'), { area: '512', valid: true });
    const request = await buildRequest('polite', { phone });
    expect(JSON.parse(request.body ?? '')).toEqual({
      kind: '[object String]',
      area: '512',
      env: { ACME_TOKEN: 'acme', NODE_ENV: 'production' },
    });
  });

  it('is asked twice, and the second answer is what is recorded', async () => {
    const request = await buildRequest('polite', { url: 'https://a.example.com/', secret: 'abc' });
    expect(request.headers['Authorization']).toBe('abc');
    expect(request.recorded?.headers['Authorization']).toBe('***');
  });

  it('reads an answer into plain data', async () => {
    const response = { status: 200, version: '1.1', headers: { 'Content-Type': 'text/plain' }, body: '' };
    expect(await readResponse('polite', response)).toEqual({
      outcome: 'success',
      status: 200,
      type: 'text/plain',
      when: '1970-01-01T00:00:00.000Z',
    });
  });

  it('has its circles and functions left out', async () => {
    expect(await readResponse('answers_circle')).toEqual({ outcome: 'success' });
  });

  it('that gives its outcome under a prefix is understood', async () => {
    const event = { outcome: 'failure', reason: 'Known', check: { outcome: 'failure', reason: 'Known' } };
    expect(await readResponse('prefixed')).toEqual(event);
  });

  it.each([
    ['throws_text', 'no order today'],
    ['throws_odd', 'the module failed'],
    ['exits', 'The package @acme/leadconduit-hostile ended its own thread'],
    ['leaks', 'The package @acme/leadconduit-hostile used more than 256 MB of memory'],
    ['spawns', 'child_process.execFileSync is not available to integration packages'],
    ['kills', 'process.kill is not available to integration packages'],
    ['starts_threads', 'worker_threads.Worker is not available to integration packages'],
    ['binds', 'process.binding is not available to integration packages'],
    ['speaks_to_server', "Cannot read properties of null (reading 'postMessage')"],
  ])('%s: fails with a reason', async (path, reason) => {
    await expect(buildRequest(path)).rejects.toMatchObject({ reason });
  });

  it.each([
    ['answers_much', 'the module returned too much text'],
    ['answers_text', 'the module returned no event'],
  ])('%s: fails with a reason', async (path, reason) => {
    await expect(readResponse(path)).rejects.toMatchObject({ reason });
  });

  it('that hangs is ended, and holds up neither this thread nor the next call', async () => {
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 10);
    const reason = 'The package @acme/leadconduit-hostile did not answer within 5 s';
    await expect(outbound('loops').validate({})).rejects.toMatchObject({ reason });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(100);
    expect(await outbound('polite').validate({})).toBeUndefined();
  });

  it('that throws outside a call ends its thread, and the next call finds a fresh one', async () => {
    // The crash and the answer race; either way the call ends, and so does one that the crash still meets.
    await buildRequest('later').catch(() => undefined);
    await until('a fresh thread answers', async () => {
      const ended = await Promise.resolve(readResponse('polite')).catch(() => undefined);
      return ended?.['outcome'] === 'success';
    });
  });

  it('may print anything, and it is not logged', async () => {
    expect((await buildRequest('prints')).method).toBe('POST');
  });

  it('that changes prototypes changes its own', async () => {
    await buildRequest('pollutes').catch(() => undefined);
    await rested();
    expect(Object.prototype).not.toHaveProperty('polluted');
    expect([1].map((one) => one + 1)).toEqual([2]);
  });
});

describe('a handle module', () => {
  it('is recorded', async () => {
    recipient.answerWith(() => ({ body: 'hello' }));
    const { end, transactions, begun } = await handled('gets', { url: `${recipient.url}lead?id=1` });
    expect(end).toEqual({ kind: 'answered', appended: { outcome: 'success', text: 'hello' } });
    expect(begun).toBe(1);
    expect(transactions).toMatchObject([
      { request: { method: 'GET', uri: `${recipient.url}lead?id=1` }, response: { status: 200, body: 'hello' } },
    ]);
  });

  it('with fetch is recorded without the answer’s body', async () => {
    recipient.answerWith(() => ({ body: 'hello' }));
    const { end, transactions } = await handled('fetches', { url: recipient.url });
    expect(end).toMatchObject({ appended: { text: 'hello' } });
    expect(transactions).toMatchObject([{ request: { uri: recipient.url }, response: { status: 200, body: null } }]);
  });

  const FORBIDDEN = [
    'http://127.0.0.1:8099/',
    'http://localhost:8099/',
    'http://169.254.169.254/',
    'http://[::1]:8099/',
    'http://0/',
  ];

  it.each(
    FORBIDDEN.flatMap((url) => [
      { path: 'gets', url },
      { path: 'fetches', url },
    ]),
  )('$path cannot reach $url', async ({ path, url }) => {
    const { end } = await handled(path, { url }, shut);
    const reason = expect.stringContaining('no public address');
    expect(end).toMatchObject({ kind: 'answered', appended: { outcome: 'error', reason } });
  });

  it.each([
    ['calls_back_an_error', 'the account is closed'],
    ['rejects', 'it was rejected'],
  ])('%s: is an error with its message', async (path, reason) => {
    const { end } = await handled(path, {});
    expect(end).toEqual({ kind: 'answered', appended: { outcome: 'error', reason } });
  });

  it('that calls back twice ends once', async () => {
    const { end } = await handled('twice', {});
    expect(end).toEqual({ kind: 'answered', appended: { outcome: 'success' } });
  });

  it('that crashes is unknown, and its message is not shown', async () => {
    const { end } = await handled('crashes', {});
    expect(end).toEqual({ kind: 'unknown', reason: 'The package @acme/leadconduit-hostile crashed (RangeError)' });
  });

  it.each(['never', 'never_after_sending', 'hangs_after_sending'])(
    '%s: ends with its time as unknown',
    async (path) => {
      const { end } = await handled(path, { url: recipient.url, timeoutMs: 700 });
      const reason = 'The package @acme/leadconduit-hostile did not answer within 0.7 s';
      expect(end).toEqual({ kind: 'unknown', reason });
    },
  );

  it('that was given up sends nothing more while others go on', async () => {
    await handled('twice', {});
    const arrived = recipient.deliveries.length;
    const others = [handled('never', { timeoutMs: 900 }), handled('never', { timeoutMs: 900 })];
    const late = await handled('gets_later', { url: `${recipient.url}late`, timeoutMs: 100 });
    expect(late.end.kind).toBe('unknown');
    expect((await Promise.all(others)).map(({ end }) => end.kind)).toEqual(['unknown', 'unknown']);
    expect(recipient.deliveries.length).toBe(arrived);
  });

  it('is not run when the intent is not committed', async () => {
    const module = outbound('gets') as HandleModule; // it exports handle
    const exchanges: Exchanges = { ...buildExchanges([]), begin: async () => 'the intent could not be committed' };
    const end = await module.handle({ url: recipient.url }, exchanges);
    expect(end).toEqual({ kind: 'unsent', reason: 'Not sent: the intent could not be committed' });
  });
});

describe('an inbound module', () => {
  const asked = { method: 'POST', uri: '/', version: '1.1', headers: { 'X-Test': 'yes' }, timestamp: 0 };

  it('reads and answers', async () => {
    const module = inbound();
    expect(module).toMatchObject({ isPingable: true, requestVariables: [{ name: '*', type: 'wildcard' }] });
    expect(await module.request({ ...asked, body: 'Ann' })).toEqual({
      ok: true,
      value: { first_name: 'Ann', header: 'yes' },
    });
    const answer = {
      status: 201,
      headers: { 'Content-Type': 'text/plain', 'Content-Length': '10' },
      body: 'é failure',
    };
    expect(await module.response({ ...asked, body: '' }, { outcome: 'failure' })).toEqual(answer);
  });

  it('may answer the sender itself', async () => {
    const error = { status: 415, headers: { 'X-Why': 'odd' }, body: 'no' };
    expect(await inbound().request({ ...asked, body: 'refuse' })).toEqual({ ok: false, error });
  });
});

describe('a package that keeps crashing', () => {
  it('rests', async () => {
    const fresh = await directory.open();
    const module = fresh.modules.find(({ id }) => id.endsWith('outbound.exits')) as OutboundModule; // by its id
    const reasons: unknown[] = [];
    for (let count = 0; count < 6; count += 1) {
      await Promise.resolve(module.style === 'request/response' && module.request({})).catch((fault) =>
        reasons.push(fault.reason),
      );
    }
    await fresh.close();
    expect(reasons.at(-2)).toContain('ended its own thread');
    expect(reasons.at(-1)).toBe('The package @acme/leadconduit-hostile crashed 5 times within a minute and is paused');
  });
});

function outbound(path: string, from = packages): OutboundModule {
  return from.modules.find(({ id }) => id === `leadconduit-hostile.outbound.${path}`) as OutboundModule; // by its id
}

function inbound(): InboundModule {
  return packages.modules.find(({ direction }) => direction === 'inbound') as InboundModule; // as it says
}

async function buildRequest(path: string, vars: Vars = {}): Promise<OutboundRequest> {
  await rested();
  const module = outbound(path);
  if (module.style !== 'request/response') throw new Error(`${path} is no exchange module`);
  return module.request({ url: 'https://recipient.example.com/', secret: 'abc', ...vars });
}

async function readResponse(path: string, response = { status: 200, version: '1.1', headers: {}, body: '' }) {
  const module = outbound(path);
  if (module.style !== 'request/response') throw new Error(`${path} is no exchange module`);
  return module.response({}, { url: 'https://recipient.example.com/', method: 'POST', headers: {} }, response);
}

/** So many modules of one package crash here that it would rest: then the tests go on with it freshly opened. */
async function rested(): Promise<void> {
  const old = packages;
  packages = await directory.open({ networks: [`127.0.0.1/32:${recipient.port}`] });
  await old.close();
}

async function handled(
  path: string,
  vars: Vars & { timeoutMs?: number },
  from = packages,
): Promise<{ end: HandleEnd; transactions: Transaction[]; begun: number }> {
  // Its thread has loaded, however busy the machine is.
  if (from === packages) await readResponse('polite');
  const transactions: Transaction[] = [];
  let begun = 0;
  const module = outbound(path, from) as HandleModule; // it exports handle
  const end = await module.handle(vars, {
    ...buildExchanges(transactions, vars.timeoutMs),
    begin: async () => {
      begun += 1;
      return undefined;
    },
  });
  return { end, transactions, begun };
}

function buildExchanges(transactions: Transaction[], timeoutMs = 5_000): Exchanges {
  return {
    begin: async () => undefined,
    note: (transaction) => transactions.push(transaction),
    timeLeftMs: () => timeoutMs,
    send: () => Promise.reject(new Error('a package sends by itself')),
  };
}

import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ComposedServer, type SubmitTarget, startTestServer } from '../harness/server.ts';
import { flowOf, sourceNamed } from '../system/flows.ts';
import { mutate } from './mutate.ts';
import { createRandom, type Random } from './random.ts';
import { bodies } from './targets/bodies.ts';

/** Seconds of random bodies; without it as many as are worth the time of every run. */
const SECONDS = Number(process.env['FUZZ_EDGE_SECONDS'] ?? 0);
const INPUTS_MIN = 300;
const AT_ONCE = 4;
const SEED = Number(process.env['FUZZ_EDGE_SEED'] ?? 8);

let server: ComposedServer;
let flow: SubmitTarget;
beforeAll(async () => {
  server = await startTestServer();
  const fields = ['first_name', 'last_name', 'email', 'ssn'];
  flow = await server.deploy(flowOf([], { sources: [sourceNamed('Fuzz', {})], fields }));
});
afterAll(() => server.stop());

const TYPES: Record<string, string> = {
  form: 'application/x-www-form-urlencoded',
  json: 'application/json',
  xml: 'text/xml',
};
const CHARSETS = [
  '',
  '; charset=utf-8',
  '; charset=ISO-8859-1',
  '; charset="shift_jis"',
  ';charset=utf-16',
  '; charset=x',
] as const;
const ODD_TYPES = [
  '',
  'text/plain',
  'multipart/form-data; boundary=x',
  '*/*',
  'APPLICATION/JSON',
  'nonsense',
  ';',
] as const;
const CODINGS = ['', '', 'gzip', 'deflate', 'br', 'gzip, br', 'zstd', 'identity'] as const;

interface Sent {
  url: string;
  init: RequestInit;
}

function buildRequest(random: Random, base: string): Sent {
  const generated = bodies.generate(random);
  const input = random.oneIn(3)
    ? generated
    : mutate(generated, random, { tokens: bodies.tokens, other: bodies.generate(random) });
  const [kind = '', ...rest] = input.split('\n');
  const text = rest.join('\n');
  const type = TYPES[kind];
  if (type === undefined)
    return {
      url: `${base}?${Buffer.from(text)
        .toString()
        .replace(/[^!-~]/gu, encodeURIComponent)}`,
      init: {},
    };
  const contentType = random.oneIn(6) ? random.pick(ODD_TYPES) : `${type}${random.pick(CHARSETS)}`;
  const coding = random.pick(CODINGS);
  const headers: Record<string, string> = {
    'Content-Type': contentType,
    'Content-Encoding': coding,
    Origin: 'https://a.example',
  };
  return { url: base, init: { method: 'POST', headers, body: codedBody(random, { text, coding }) } };
}

function codedBody(random: Random, { text, coding }: { text: string; coding: string }): Uint8Array<ArrayBuffer> {
  let bytes = Buffer.from(text, random.pick(['utf8', 'latin1', 'utf16le']));
  if (coding.startsWith('gzip')) bytes = gzipSync(bytes);
  if (coding === 'deflate') bytes = deflateSync(bytes);
  if (coding.endsWith('br')) bytes = brotliCompressSync(bytes);
  const isDamaged = random.oneIn(8);
  return Uint8Array.from(isDamaged ? bytes.subarray(0, random.below(bytes.length + 1)) : bytes);
}

it(
  'no random body, coding, charset or type makes a submission fail on our side',
  async () => {
    const base = `${server.url}/flows/${flow.id}/sources/${flow.sources[0]?.entity.id}/submit`;
    const random = createRandom(SEED);
    const counts = new Map<number, number>();
    const faults: string[] = [];
    const endsAt = performance.now() + SECONDS * 1000;
    let inputs = 0;
    const send = async (): Promise<void> => {
      while ((inputs < INPUTS_MIN || performance.now() < endsAt) && faults.length < 20) {
        inputs += 1;
        const { url, init } = buildRequest(random, base);
        const res = await fetch(url, { ...init, redirect: 'manual' }).catch((error) => {
          // What fetch itself refuses to send is none of ours.
          if (error instanceof TypeError && error.cause === undefined) return undefined;
          throw error;
        });
        if (!res) continue;
        await res.arrayBuffer();
        counts.set(res.status, (counts.get(res.status) ?? 0) + 1);
        if (res.status >= 500)
          faults.push(`${res.status} ${JSON.stringify(init.headers)} ${url.slice(base.length)} ${String(init.body)}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, send));
    if (SECONDS > 0) console.log(`${inputs} inputs: ${JSON.stringify(Object.fromEntries(counts))}`);
    expect(faults).toEqual([]);
    expect(counts.get(201) ?? 0).toBeGreaterThan(0);
    expect(await server.query(`select 1 from leads where outcome = 'error'`)).toEqual([]);
  },
  120_000 + SECONDS * 1000,
);

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { findWrongAnswers, PROBE_CAP } from './probe.ts';

type Fault = 'none' | 'no rules' | 'no duplicate check' | 'no cap' | 'delivers twice' | 'delivers what it rejects';

const RULES: Readonly<Record<string, RegExp>> = {
  email: /@/,
  phone_1: /^\d{10}$/,
  postal_code: /^\d{5}$/,
  trustedform_cert_url: /./,
  state: /^TX$/,
};
const REASONS: Readonly<Record<string, string>> = { phone_1: 'phone', trustedform_cert_url: 'certificate' };

/** Probes a small server of the flow with one fault; the wrong things that were found. */
async function probe(fault: Fault): Promise<string[]> {
  const sold = new Set<string>();
  const delivered = new Map<number, number>();
  let places = 0;
  const decide = (values: URLSearchParams, cap: number): string | null => {
    const broken = Object.keys(RULES).find((name) => !RULES[name]?.test(values.get(name) ?? ''));
    if (broken !== undefined && fault !== 'no rules') return REASONS[broken] ?? broken;
    const email = values.get('email') ?? '';
    if (sold.has(email) && fault !== 'no duplicate check') return 'duplicate';
    if (cap > 0 && places >= cap && fault !== 'no cap') return 'cap';
    if (cap > 0) places += 1;
    sold.add(email);
    return null;
  };
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const values = new URLSearchParams(Buffer.concat(chunks).toString());
      const reason = decide(values, req.url === '/capped' ? PROBE_CAP : 0);
      const person = Number(values.get('phone_1')?.slice(3)) - 2_000_000;
      const times =
        reason === null ? (fault === 'delivers twice' ? 2 : 1) : fault === 'delivers what it rejects' ? 1 : 0;
      delivered.set(person, (delivered.get(person) ?? 0) + times);
      res.end(JSON.stringify(reason === null ? { outcome: 'success' } : { outcome: 'failure', reason }));
    });
  });
  const port = await new Promise<number>((resolve) => {
    // listen() on a port always yields an AddressInfo.
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
  const url = `http://127.0.0.1:${port}`;
  try {
    return await findWrongAnswers({
      url: `${url}/`,
      cappedUrl: `${url}/capped`,
      firstPerson: 0,
      countPersons: async ({ first, count }) => {
        const times = Array.from({ length: count }, (_, index) => delivered.get(first + index) ?? 0);
        return {
          never: times.filter((each) => each === 0).length,
          once: times.filter((each) => each === 1).length,
          again: times.filter((each) => each > 1).length,
        };
      },
    });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('the probe of a peer', () => {
  it('finds nothing wrong with a server that is right', async () => {
    expect(await probe('none')).toEqual([]);
  });

  it.each<{ fault: Fault; finds: RegExp }>([
    { fault: 'no rules', finds: /a lead with a wrong state was answered/ },
    { fault: 'no duplicate check', finds: /submissions of one person at once 8 were sold/ },
    { fault: 'no cap', finds: /a cap of 3 took 8/ },
    { fault: 'delivers twice', finds: /a person was not delivered exactly once/ },
    { fault: 'delivers what it rejects', finds: /a rejected lead was delivered/ },
  ])('finds a server that has the fault: $fault', async ({ fault, finds }) => {
    expect((await probe(fault)).join('; ')).toMatch(finds);
  });
});

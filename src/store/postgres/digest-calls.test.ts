import { describe, expect, it } from 'vitest';
import type { SettleRequest } from '../../pipeline/run-store.ts';
import { runTestLead } from '../../pipeline/testing/run-test-lead.ts';
import { deliveryTo, filter, testFlow, when } from '../../pipeline/testing/test-flow.ts';
import { parseTallies } from '../../statistics/stored-digest.ts';
import { buildDigestCall } from './digest-calls.ts';

const FROM_THE_BEGINNING = '';
const OTHER_ACCOUNT = 'b'.repeat(24);

describe('the digest of a group', () => {
  it('has a row for each account, with what the leads of that account add alone', async () => {
    const [own, other] = [await settleLead(), await settleLead()];
    const foreign = { ...other, run: { ...other.run, accountId: OTHER_ACCOUNT } };
    const together = readColumns([own, foreign, own]);
    expect(together[0]).toEqual([own.run.accountId, OTHER_ACCOUNT]);
    expect(together[3]?.[0]).toBe(readColumns([own, own])[3]?.[0]);
    expect(together[3]?.[1]).toBe(readColumns([foreign])[3]?.[0]);
  });

  it('is the same from the facts as they were built and from their texts', async () => {
    const { facts, ...written } = await settleLead();
    expect(facts).toHaveLength(3);
    const [, , , fromFacts, ...rest] = readColumns([{ ...written, ...(facts && { facts }) }]);
    const [, , , fromTexts, ...others] = readColumns([written]);
    expect(fromFacts).toEqual(fromTexts);
    expect(rest).toEqual(others);
    const [place] = parseTallies(fromFacts?.[0] ?? '').places.values();
    expect([...(place?.latencies.values() ?? [])].map(({ level }) => level)).toEqual(['recipient', 'source']);
  });
});

async function settleLead(): Promise<SettleRequest> {
  const steps = [
    filter(when('lead.state', 'is equal to', 'TX'), { outcome: 'failure', reason: 'in Texas' }),
    deliveryTo('Acme'),
  ];
  const { settled } = await runTestLead({ flow: testFlow({ steps }), values: { first_name: 'Ann', state: 'CA' } });
  if (!settled) throw new Error('the lead did not end');
  return settled;
}

/** The texts of each array of the call. */
function readColumns(settles: readonly SettleRequest[]): (string | null)[][] {
  return buildDigestCall(settles, FROM_THE_BEGINNING).values.map((value) => {
    if (!Buffer.isBuffer(value)) throw new Error('not an array');
    const texts: (string | null)[] = [];
    // Behind a header of 20 bytes, each with its length before it; -1 for null.
    for (let at = 20; at < value.length; ) {
      const length = value.readInt32BE(at);
      texts.push(length === -1 ? null : value.toString('utf8', at + 4, at + 4 + length));
      at += 4 + Math.max(0, length);
    }
    return texts;
  });
}

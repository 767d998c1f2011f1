import { describe, expect, it } from 'vitest';
import type { OrphanedRun } from '../pipeline/run-store.ts';
import { type RecoveryOptions, recover } from './recovery.ts';

function orphan(runId: string): OrphanedRun {
  const run = { accountId: 'a', runId, flowId: 'f', sourceId: 's', revision: 1, submittedAt: 0 };
  return { run, held: { caps: [], lists: [] }, intents: [] };
}

/** Answers the groups and listings in turn, then nothing. */
function options(parts: { taken?: string[][]; listed?: string[][]; running?: string[] }): {
  given: RecoveryOptions;
  settled: string[];
} {
  const settled: string[] = [];
  const { taken = [], listed = [], running = [] } = parts;
  const given: RecoveryOptions = {
    takeOver: async () => (taken.shift() ?? []).map(orphan),
    listOwn: async () => (listed.shift() ?? []).map(orphan),
    isRunning: (runId) => running.includes(runId),
    settle: async ({ run }) => {
      settled.push(run.runId);
      return true;
    },
  };
  return { given, settled };
}

describe('recover', () => {
  it('settles every group of a dead node in one go', async () => {
    const { given, settled } = options({ taken: [['1', '2'], ['3']] });
    expect(await recover(given)).toBe(3);
    expect(settled).toEqual(['1', '2', '3']);
  });

  it('settles runs of its own that are not running', async () => {
    const { given, settled } = options({
      listed: [
        ['1', '2'],
        ['1', '2'],
      ],
      running: ['2'],
    });
    await recover(given);
    expect(settled).toEqual(['1']);
  });

  it('leaves a lead alone that ended while it was asked for', async () => {
    const { given, settled } = options({ listed: [['1'], []] });
    await recover(given);
    expect(settled).toEqual([]);
  });

  it('a run whose end cannot be written does not keep the others from theirs', async () => {
    const { given, settled } = options({ taken: [['broken', '1']] });
    const settleOthers: RecoveryOptions['settle'] = async (each) => {
      if (each.run.runId === 'broken') throw new Error('no such state');
      return given.settle(each);
    };
    await expect(recover({ ...given, settle: settleOthers })).rejects.toThrow('no such state');
    expect(settled).toEqual(['1']);
  });

  it('counts no lead that another node has settled of', async () => {
    const { given } = options({ taken: [['1']] });
    expect(await recover({ ...given, settle: async () => false })).toBe(0);
  });
});

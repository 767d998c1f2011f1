import { describe, expect, it } from 'vitest';
import { createLatch } from '../../test/harness/latch.ts';
import type { CompiledFlow } from '../flow-compiler/compiled-flow.ts';
import { createLiveFlows } from './live-flows.ts';

const ACCOUNT = 'account';
const BROKEN = 'broken';

/** The database of one account: `deploy` makes flows run, `look` is what a slow question waits for. */
function liveFlows() {
  const deployed: string[] = [];
  const broken: string[] = [];
  let version = 1;
  let gate = Promise.resolve();
  const live = createLiveFlows({
    clock: { now: () => 0, monotonic: () => 0 },
    versions: async () => {
      const versions = new Map([[ACCOUNT, version]]);
      await gate;
      return versions;
    },
    load: async () => deployed.map((flowId) => ({ flowId, config: { account: { id: ACCOUNT } } })),
    // Only these are read here.
    compile: async ({ flowId }) => {
      if (flowId === BROKEN) throw new Error('cannot run');
      return { id: flowId, account: { id: ACCOUNT } } as unknown as CompiledFlow;
    },
    onBroken: (flowId) => broken.push(flowId),
  });
  return {
    live,
    broken,
    deploy: (flowId: string) => {
      deployed.push(flowId);
      version += 1;
    },
    holdLooks: () => {
      const latch = createLatch();
      gate = latch.opened;
      return latch.open;
    },
  };
}

describe('live flows', () => {
  it('a flow that cannot run any more is told, and the others run on', async () => {
    const { live, deploy, broken } = liveFlows();
    deploy(BROKEN);
    deploy('sound');
    await live.refresh();
    expect(broken).toEqual([BROKEN]);
    expect(live.find(BROKEN).kind).toBe('stale');
    expect(live.find('sound').kind).toBe('found');
  });

  it('every deploy made during a look is known when its own refresh ends', async () => {
    const { live, deploy, holdLooks } = liveFlows();
    await live.refresh();
    const goOn = holdLooks();
    const poll = live.refresh();
    deploy('one');
    const first = live.refresh().then(() => live.find('one').kind);
    deploy('two');
    const second = live.refresh().then(() => live.find('two').kind);
    goOn();
    await poll;
    expect(await Promise.all([first, second])).toEqual(['found', 'found']);
  });
});

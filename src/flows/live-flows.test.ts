import { describe, expect, it } from 'vitest';
import { createLatch } from '../../test/harness/latch.ts';
import type { CompiledFlow } from '../pipeline/compiled-flow.ts';
import { createLiveFlows } from './live-flows.ts';

const ACCOUNT = 'account';

/** The database of one account: `deploy` makes flows run, `look` is what a slow question waits for. */
function liveFlows() {
  const deployed: string[] = [];
  let version = 1;
  let gate = Promise.resolve();
  const live = createLiveFlows({
    clock: { now: () => 0, monotonic: () => 0 },
    versions: async () => {
      const versions = new Map([[ACCOUNT, version]]);
      await gate;
      return versions;
    },
    load: async () => deployed.map((flowId) => ({ flowId })),
    // Only these are read here.
    compile: ({ flowId }) => ({ id: flowId, account: { id: ACCOUNT } }) as unknown as CompiledFlow,
  });
  return {
    live,
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

import { describe, expect, it } from 'vitest';
import { createLatch } from '../../test/harness/latch.ts';
import type { CompiledFlow } from '../flow-compiler/compiled-flow.ts';
import type { FlowDocument } from '../model/flow.ts';
import { CONFIRMED_WITHIN_MS, createLiveFlows } from './live-flows.ts';

const ACCOUNT = 'account';
const BROKEN = 'broken';

interface Deployed {
  flowId: string;
  revision: number;
  config: { account: { id: string } };
}

/** The database of one account: `deploy` makes flows run, `holdLooks` and `holdCompiles` keep what is slow waiting. */
function liveFlows() {
  const deployed = new Map<string, Deployed>();
  const broken: string[] = [];
  const compiles: string[] = [];
  let version = 1;
  let now = 0;
  let isUnreadable = false;
  let gate = Promise.resolve();
  let compileGate = Promise.resolve();
  const live = createLiveFlows<Deployed>({
    clock: { now: () => now, monotonic: () => now },
    versions: async () => {
      const versions = new Map([[ACCOUNT, version]]);
      await gate;
      return versions;
    },
    load: async () => [...deployed.values()],
    read: async ({ flowId }) => {
      if (isUnreadable) throw new Error('the database is away');
      return { name: flowId } as FlowDocument;
    },
    // Only these are read here.
    compile: async ({ flowId, revision }, document) => {
      compiles.push(`${flowId} ${revision}`);
      if (flowId === BROKEN) throw new Error('cannot run');
      await compileGate;
      return { id: flowId, revision, document, account: { id: ACCOUNT } } as unknown as CompiledFlow;
    },
    fingerprint: ({ revision }) => String(revision),
    onBroken: (flowId) => broken.push(flowId),
  });
  return {
    live,
    broken,
    compiles,
    revisionOf: (flowId: string) => {
      const found = live.find(flowId);
      return found.kind === 'found' ? found.flow.revision : found.kind;
    },
    pass: (ms: number) => {
      now += ms;
    },
    breakReads: (isBroken: boolean) => {
      isUnreadable = isBroken;
    },
    deploy: (flowId: string) => {
      const revision = (deployed.get(flowId)?.revision ?? 0) + 1;
      deployed.set(flowId, { flowId, revision, config: { account: { id: ACCOUNT } } });
      version += 1;
    },
    remove: (flowId: string) => {
      deployed.delete(flowId);
      version += 1;
    },
    holdLooks: () => {
      const latch = createLatch();
      gate = latch.opened;
      return latch.open;
    },
    holdCompiles: () => {
      const latch = createLatch();
      compileGate = latch.opened;
      return latch.open;
    },
  };
}

describe('live flows', () => {
  it('a flow that cannot run any more is reported, and the others run on', async () => {
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

  it('a deploy of one flow among 500 compiles one', async () => {
    const { live, deploy, compiles } = liveFlows();
    for (let flow = 0; flow < 500; flow += 1) deploy(`flow ${flow}`);
    await live.refresh();
    expect(compiles).toHaveLength(500);
    deploy('flow 7');
    await live.refresh('flow 7');
    expect(compiles.slice(500)).toEqual(['flow 7 2']);
  });

  it('the old revision runs while the new one is compiled, and looks go on meanwhile', async () => {
    const { live, deploy, revisionOf, holdCompiles, pass } = liveFlows();
    deploy('one');
    await live.refresh();
    const goOn = holdCompiles();
    deploy('one');
    const refreshed = live.refresh('one');
    for (let look = 0; look < 10; look += 1) {
      pass(CONFIRMED_WITHIN_MS);
      await live.look();
      expect(revisionOf('one')).toBe(1);
    }
    goOn();
    await refreshed;
    expect(revisionOf('one')).toBe(2);
  });

  it('a flow that never ran here is stale until it is compiled, and one that is removed meanwhile is missing', async () => {
    const { live, deploy, remove, revisionOf, holdCompiles } = liveFlows();
    const goOn = holdCompiles();
    deploy('one');
    deploy('two');
    const refreshed = live.refresh();
    await live.look();
    expect([revisionOf('one'), revisionOf('two')]).toEqual(['stale', 'stale']);
    remove('two');
    await live.look();
    goOn();
    await refreshed;
    expect([revisionOf('one'), revisionOf('two')]).toEqual([1, 'missing']);
  });

  it('what is deployed while an earlier revision is compiled is compiled next', async () => {
    const { live, deploy, revisionOf, compiles, holdCompiles } = liveFlows();
    const goOn = holdCompiles();
    deploy('one');
    await live.look();
    deploy('one');
    deploy('one');
    const refreshed = live.refresh('one');
    await live.look();
    goOn();
    await refreshed;
    expect(revisionOf('one')).toBe(3);
    expect(compiles).toEqual(['one 1', 'one 3']);
  });

  it('a document that cannot be read is read again by the next look', async () => {
    const { live, deploy, revisionOf, breakReads } = liveFlows();
    breakReads(true);
    deploy('one');
    await expect(live.refresh('one')).rejects.toThrow('away');
    breakReads(false);
    await live.refresh('one');
    expect(revisionOf('one')).toBe(1);
  });
});

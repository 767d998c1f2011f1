import { describe, expect, it } from 'vitest';
import { createReplayLine, REPLAYS_MAX, type ReplayTurn } from './replay-line.ts';

/** Which of the turns have begun. */
async function begun(turns: Readonly<Record<string, ReplayTurn | null>>): Promise<string[]> {
  const names: string[] = [];
  for (const [name, turn] of Object.entries(turns)) void turn?.ready.then(() => names.push(name));
  await new Promise(setImmediate);
  return names;
}

describe('the line of replays', () => {
  it('lets one of an account run, the others in their order, and other accounts beside it', async () => {
    const line = createReplayLine();
    const enter = (accountId: string, caller: string) => line.enter({ accountId, caller });
    const turns = { ann: enter('a', 'ann'), bob: enter('a', 'bob'), cid: enter('a', 'cid'), eve: enter('b', 'eve') };
    expect(await begun(turns)).toEqual(['ann', 'eve']);
    turns.ann?.leave();
    expect(await begun({ bob: turns.bob, cid: turns.cid })).toEqual(['bob']);
    turns.bob?.leave();
    expect(await begun({ cid: turns.cid })).toEqual(['cid']);
    expect([turns.ann, turns.bob, turns.cid].map((turn) => turn?.isReplaced())).toEqual([false, false, false]);
  });

  it('replaces one of the same caller, whether it runs or waits', async () => {
    const line = createReplayLine();
    const enter = (caller: string) => line.enter({ accountId: 'a', caller });
    const [running, waiting] = [enter('ann'), enter('bob')];
    const [ann, bob] = [enter('ann'), enter('bob')];
    expect([running, waiting, ann, bob].map((turn) => turn?.isReplaced())).toEqual([true, true, false, false]);
    // The one that waited ends at once; the one that runs ends by itself, and the next one begins then.
    expect(await begun({ waiting, ann, bob })).toEqual(['waiting']);
    waiting?.leave();
    running?.leave();
    expect(await begun({ ann, bob })).toEqual(['ann']);
  });

  it('refuses further ones when it is full, and takes them again after one has left', () => {
    const line = createReplayLine();
    const enter = (caller: number) => line.enter({ accountId: 'a', caller: String(caller) });
    const turns = Array.from({ length: REPLAYS_MAX }, (_, caller) => enter(caller));
    expect([turns.includes(null), enter(REPLAYS_MAX)]).toEqual([false, null]);
    turns[0]?.leave();
    expect(enter(REPLAYS_MAX)).not.toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { type WarmUpWork, warmUp } from './warm-up.ts';

/** A clock that each lead moves by its cost, in ms. The timer of the bound ends when the test says so. */
function openTools(isStopping: () => boolean = () => false) {
  let now = 0;
  let rounds = 0;
  let timer: { ms: number; onEnd: () => void } | null = null;
  return {
    spend: (ms: number) => {
      now += ms;
      if (timer && now >= timer.ms) timer.onEnd();
    },
    rounds: () => rounds,
    hasTimer: () => timer !== null,
    endTimer: () => timer?.onEnd(),
    tools: {
      monotonic: () => now,
      cpuMs: () => now,
      startTimer: (ms: number, onEnd: () => void) => {
        timer = { ms, onEnd };
        return () => {
          timer = null;
        };
      },
      endRound: async () => {
        rounds += 1;
      },
      isStopping,
    },
  };
}

const BOUNDS = { ms: 2_000, lanes: 4 };

describe('warmUp', () => {
  it('ends when leads get no cheaper, and undoes each round', async () => {
    const { tools, spend, rounds, hasTimer } = openTools();
    let leads = 0;
    const work = async () => spend(Math.max(1, 8 - leads++ / 200));
    const end = await warmUp([work], tools, { ...BOUNDS, ms: 60_000 });
    expect(end).toMatchObject({ kind: 'steady', fault: undefined, leadCpuMs: 1 });
    expect(end.leads).toBe(rounds() * 128);
    expect(hasTimer()).toBe(false);
  });

  it('ends at the bound while leads still get cheaper', async () => {
    const { tools, spend } = openTools();
    let cost = 8;
    const work = async () => {
      cost *= 0.9995;
      spend(cost);
    };
    expect(await warmUp([work], tools, BOUNDS)).toMatchObject({ kind: 'bound', fault: undefined });
  });

  it('leaves out a flow that throws, reports it, and goes on with the others', async () => {
    const { tools, spend } = openTools();
    const fault = new Error('this flow is broken');
    let tries = 0;
    let leads = 0;
    const broken: WarmUpWork = async () => {
      tries += 1;
      throw fault;
    };
    const sound = async () => {
      leads += 1;
      spend(1);
    };
    const end = await warmUp([broken, sound], tools, BOUNDS);
    expect(end).toMatchObject({ leads, fault });
    expect(leads).toBeGreaterThan(1_000);
    expect(tries).toBeLessThanOrEqual(BOUNDS.lanes);
  });

  it('ends at the bound although a flow hangs', async () => {
    const { tools, endTimer } = openTools();
    const warming = warmUp([() => new Promise<void>(() => undefined)], tools, BOUNDS);
    endTimer();
    expect(await warming).toMatchObject({ kind: 'bound', leads: 0 });
  });

  it('runs no further lead after its end', async () => {
    const { tools, endTimer } = openTools();
    let begun = 0;
    const ends: (() => void)[] = [];
    const work = () => {
      begun += 1;
      return new Promise<void>((resolve) => void ends.push(resolve));
    };
    const warming = warmUp([work], tools, BOUNDS);
    endTimer();
    await warming;
    for (const end of ends) end();
    await Promise.resolve();
    expect(begun).toBe(BOUNDS.lanes);
  });

  it('ends when the server stops, and when no work is left', async () => {
    const stopping = openTools(() => true);
    expect(await warmUp([async () => undefined], stopping.tools, BOUNDS)).toMatchObject({ kind: 'stopped' });
    const fault = new Error('broken');
    const broken = () => Promise.reject(fault);
    expect(await warmUp([broken], openTools().tools, BOUNDS)).toMatchObject({ kind: 'idle', leads: 0, fault });
    expect(await warmUp([], openTools().tools, BOUNDS)).toMatchObject({ kind: 'idle' });
  });

  it('rejects when a round cannot be undone', async () => {
    const { tools } = openTools();
    const endRound = () => Promise.reject(new Error('the database is gone'));
    await expect(warmUp([async () => undefined], { ...tools, endRound }, BOUNDS)).rejects.toThrow('gone');
  });
});

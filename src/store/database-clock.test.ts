import { describe, expect, it } from 'vitest';
import { createIds } from '../lib/ids.ts';
import { type ClockState, createDatabaseClock, type DatabaseClock } from './database-clock.ts';

const NOON = Date.UTC(2026, 5, 1, 12);
const SECOND = 1_000;
const DAY = 86_400_000;

/** A machine and a database whose clocks a test sets apart. */
function createWorld(aheadMs: number): World {
  let elapsed = 0;
  const world: World = {
    aheadMs,
    databaseSetMs: 0,
    states: [],
    databaseNow: () => NOON + elapsed + world.databaseSetMs,
    pass: (ms) => {
      elapsed += ms;
    },
    renew: (roundTripMs = 2) => {
      const askedAt = elapsed;
      elapsed += roundTripMs / 2;
      const databaseNow = world.databaseNow();
      elapsed += roundTripMs / 2;
      world.clock.observe({ askedAt, answeredAt: elapsed, databaseNow });
    },
    clock: createDatabaseClock({
      machine: { now: () => NOON + elapsed + world.aheadMs, monotonic: () => elapsed },
      onChange: (state) => world.states.push(state),
    }),
  };
  return world;
}

interface World {
  clock: DatabaseClock;
  /** Of the machine. */
  aheadMs: number;
  /** By how much somebody set the database's clock since. */
  databaseSetMs: number;
  states: ClockState[];
  databaseNow(): number;
  pass(ms: number): void;
  renew(roundTripMs?: number): void;
}

describe('a machine’s clock', () => {
  it.each([
    { what: 'right', aheadMs: 0, kinds: [], takesLeads: true },
    { what: 'a few milliseconds off', aheadMs: 40, kinds: [], takesLeads: true },
    { what: 'ahead by 5 s', aheadMs: 5 * SECOND, kinds: ['off'], takesLeads: true },
    { what: 'behind by 5 s', aheadMs: -5 * SECOND, kinds: ['off'], takesLeads: true },
    { what: 'ahead by 30 days', aheadMs: 30 * DAY, kinds: ['refused'], takesLeads: false },
    { what: 'behind by 30 days', aheadMs: -30 * DAY, kinds: ['refused'], takesLeads: false },
  ])(
    'that is $what: reported $kinds, leads taken $takesLeads, and the time is the database’s',
    ({ aheadMs, ...then }) => {
      const world = createWorld(aheadMs);
      world.renew();
      world.pass(5 * SECOND);
      world.renew();
      expect(world.states.map(({ kind }) => kind)).toEqual(then.kinds);
      expect(world.clock.problem() === undefined).toBe(then.takesLeads);
      expect(Math.abs(world.clock.now() - world.databaseNow())).toBeLessThanOrEqual(2);
    },
  );

  it('says by how much it is wrong, in which direction, and what helps', () => {
    const world = createWorld(30 * DAY);
    world.renew();
    expect(world.clock.problem()).toBe(
      "the clock of this machine is 2592000 s ahead of the database's: let NTP set both clocks",
    );
    expect(world.states[0]?.aheadMs).toBe(30 * DAY);
  });

  it('that is set right again is reported once, and leads are taken again', () => {
    const world = createWorld(-30 * DAY);
    world.renew();
    world.aheadMs = 0;
    world.renew();
    world.renew();
    expect(world.states.map(({ kind }) => kind)).toEqual(['refused', 'right']);
    expect(world.clock.problem()).toBeUndefined();
  });

  it('that is set between two comparisons changes no time, and stops new leads until the next', () => {
    const world = createWorld(0);
    world.renew();
    const before = world.clock.now();
    world.aheadMs = 30 * DAY;
    world.pass(SECOND);
    expect(world.clock.now()).toBe(before + SECOND);
    expect(world.clock.problem()).toMatch(/has just been set/);
    world.renew();
    expect(world.clock.problem()).toMatch(/2592000 s ahead/);
  });
});

describe('the database’s time', () => {
  it('is not spoiled by an answer that took long', () => {
    const world = createWorld(0);
    world.renew(2);
    const slow = 3 * SECOND;
    world.clock.observe({ askedAt: 2, answeredAt: 2 + slow, databaseNow: NOON + 2 });
    world.pass(slow);
    expect(Math.abs(world.clock.now() - world.databaseNow())).toBeLessThanOrEqual(2);
  });

  it('never goes back: it stands still until it has caught up, and ids ascend', () => {
    const world = createWorld(0);
    world.renew();
    const ids = createIds({ now: world.clock.now, random: () => 0.5 });
    const given = [ids.next()];
    const before = world.clock.now();
    world.databaseSetMs = -3 * SECOND;
    for (let turn = 0; turn < 5; turn += 1) {
      world.renew();
      expect(world.clock.now()).toBeGreaterThanOrEqual(before);
      given.push(ids.next());
      world.pass(SECOND);
    }
    expect(given).toEqual([...given].sort());
    expect(Math.abs(world.clock.now() - world.databaseNow())).toBeLessThanOrEqual(2);
  });

  it('that went back by more than a moment stops new leads, whichever clock was right', () => {
    const world = createWorld(0);
    world.renew();
    world.clock.now();
    world.databaseSetMs = -DAY;
    world.aheadMs = -DAY;
    world.renew();
    expect(world.clock.problem()).toMatch(/^the database's clock went back by 86400 s/);
  });
});

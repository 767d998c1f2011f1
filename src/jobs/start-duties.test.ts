import { describe, expect, it } from 'vitest';
import { capAlerts } from './duties/cap-alerts.ts';
import { capWindows } from './duties/cap-windows.ts';
import { endedDeliveries } from './duties/ended-deliveries.ts';
import { partitions } from './duties/partitions.ts';
import { queue } from './duties/queue.ts';
import { recovery } from './duties/recovery.ts';
import { retries } from './duties/retries.ts';
import type { DutyCounts, DutyDeps, EveryRow } from './job-row.ts';
import { type DutyTools, runLogged } from './start-duties.ts';

type Line = [level: string, fields: object, sentence: string];

function toolsWith(): { tools: DutyTools; lines: Line[]; elapse(): void } {
  const lines: Line[] = [];
  let now = 0;
  let onEnd = () => {};
  const write = (level: string) => (fields: object, sentence: string) => void lines.push([level, fields, sentence]);
  const log = { error: write('error'), warn: write('warn'), info: write('info'), debug: write('debug') };
  const startTimer = (_ms: number, end: () => void) => {
    onEnd = end;
    return () => {
      onEnd = () => {};
    };
  };
  const clock = { monotonic: () => (now += 5) };
  return { tools: { clock, log, startTimer, kindOf: String }, lines, elapse: () => onEnd() };
}

const ROW = { name: 'sweep', timeoutMs: 1_000 };

describe('a run of a duty', () => {
  it.each([
    { counts: { rows: 3 }, line: ['info', { job: 'sweep', ms: 5, rows: 3 }, 'job'] },
    { counts: undefined, line: ['debug', { job: 'sweep', ms: 5 }, 'job'] },
  ])('leaves one line: $line.0', async ({ counts, line }) => {
    const { tools, lines } = toolsWith();
    await runLogged(ROW, { run: async (): Promise<DutyCounts> => counts, tools });
    expect(lines).toEqual([line]);
  });

  it('that takes longer than its bound is reported while it runs', async () => {
    const { tools, lines, elapse } = toolsWith();
    let end = (_counts: DutyCounts) => {};
    const run = runLogged(ROW, {
      run: () =>
        new Promise((resolve) => {
          end = resolve;
        }),
      tools,
    });
    elapse();
    expect(lines.map(([level, fields]) => [level, fields])).toEqual([['warn', { job: 'sweep', bound_ms: 1_000 }]]);
    end(undefined);
    await run;
  });

  it('that fails rejects, and leaves the line to its loop', async () => {
    const { tools, lines } = toolsWith();
    await expect(runLogged(ROW, { run: () => Promise.reject(new Error('gone')), tools })).rejects.toThrow('gone');
    expect(lines).toEqual([]);
  });
});

/** Runs a row with some of the deps; the others are not there. */
const runRow = (row: Pick<EveryRow, 'run'>, deps: Partial<DutyDeps>) => row.run(deps as DutyDeps);
const tables = (parts: Partial<DutyDeps['tables']>) => parts as DutyDeps['tables'];

describe('the duties', () => {
  it('recovery: reports how many leads it settled, and nothing of none', async () => {
    expect(await runRow(recovery, { recoverLeads: async () => 2 })).toEqual({ leads: 2 });
    expect(await runRow(recovery, { recoverLeads: async () => 0 })).toBeUndefined();
  });

  it('retries: wait for the right time', async () => {
    let claims = 0;
    const runDueRetries = async () => {
      claims += 1;
    };
    await runRow(retries, { clockProblem: () => 'off', runDueRetries });
    expect(claims).toBe(0);
    await runRow(retries, { clockProblem: () => undefined, runDueRetries });
    expect(claims).toBe(1);
  });

  it('partitions: strays are an error, what cannot be made a warning', async () => {
    const { tools, lines } = toolsWith();
    const keeper = tables({ makePartitions: async () => ['leads_20250303'], countStrays: async () => 4 });
    await runRow(partitions, { tables: keeper, log: tools.log });
    expect(lines.map(([level, fields]) => [level, fields])).toEqual([
      ['warn', { partitions: ['leads_20250303'] }],
      ['error', { leads: 4 }],
    ]);
  });

  it('queue: starts before it frees, and reports what it freed', async () => {
    const calls: string[] = [];
    const keeper = tables({
      freeWork: async () => calls.push('free') * 0 + 1,
      failAbandoned: async () => calls.push('fail') * 0,
    });
    const counts = await runRow(queue, { ensureQueue: async () => void calls.push('ensure'), tables: keeper });
    expect([calls, counts]).toEqual([['ensure', 'free', 'fail'], { processes_freed: 1, jobs_failed: 0 }]);
  });

  it('cap alerts: report what was recorded and sent, and nothing where nothing was', async () => {
    const pass = { recorded: 0, sent: 0, failed: 0 };
    expect(await runRow(capAlerts, { watchCaps: async () => pass })).toBeUndefined();
    expect(await runRow(capAlerts, { watchCaps: async () => ({ ...pass, failed: 1 }) })).toEqual({
      ...pass,
      failed: 1,
    });
  });

  it('the nightly ones report how many rows went, even none', async () => {
    const keeper = tables({
      sweepCapWindows: async () => 0,
      sweepCapAlerts: async () => 2,
      sweepPings: async () => 0,
      sweepBatches: async () => 0,
      sweepRetries: async () => 7,
      sweepUnknowns: async () => 1,
      sweepFeedback: async () => 4,
    });
    expect(await capWindows.run({ tables: keeper } as DutyDeps)).toEqual({ windows: 0, alerts: 2 });
    expect(await endedDeliveries.run({ tables: keeper } as DutyDeps)).toEqual({ retries: 7, unknowns: 1, feedback: 4 });
  });
});

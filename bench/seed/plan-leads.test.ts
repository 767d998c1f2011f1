import { describe, expect, it } from 'vitest';
import { createChance } from './chance.ts';
import { SOURCES } from './installation.ts';
import { isLead, planLeads } from './plan-leads.ts';
import { SCENARIOS, weighSource } from './scenarios.ts';

const ENDS_AT = Date.parse('2026-03-01T12:00:00Z');
const TEMPLATES = SOURCES.flatMap((source) => SCENARIOS.map((scenario) => ({ source, scenario, rows: [], ids: [] })));
const plan = (seed: number) => [
  ...planLeads({ templates: TEMPLATES, leads: 20_000, days: 60, endsAt: ENDS_AT, chance: createChance(seed) }),
];

describe('the plan of a made-up installation', () => {
  const planned = plan(1);
  const leads = planned.filter(({ template }) => isLead(template));

  it('has the leads that were asked for, in the order of their time and before the end', () => {
    // What comes beside the leads is drawn, so their number differs by a little.
    expect(Math.abs(leads.length - 20_000)).toBeLessThan(200);
    expect(planned.map(({ startedAt }) => startedAt)).toEqual(
      planned.map(({ startedAt }) => startedAt).toSorted((one, other) => one - other),
    );
    expect(planned.at(-1)?.startedAt).toBeLessThan(ENDS_AT);
    expect(planned[0]?.startedAt).toBeGreaterThanOrEqual(ENDS_AT - 60 * 86_400_000);
  });

  it('is the same for the same seed, and another one for another', () => {
    const names = (all: typeof planned) => all.map(({ template }) => template.scenario.name).join();
    expect(names(plan(1))).toBe(names(planned));
    expect(names(plan(2))).not.toBe(names(planned));
  });

  it('is quiet at night', () => {
    const at = (hours: readonly number[]) =>
      leads.filter(({ startedAt }) => hours.includes(new Date(startedAt).getUTCHours())).length;
    expect(at([14, 15, 16])).toBeGreaterThan(5 * at([2, 3, 4]));
  });

  it('has a source that went quiet and scenarios from common to very rare', () => {
    const quiet = SOURCES.find((source) => weighSource(source, 0) > 0 && weighSource(source, 1) === 0);
    const ofQuiet = leads.filter(({ template }) => template.source === quiet).map(({ startedAt }) => startedAt);
    expect(ofQuiet.length).toBeGreaterThan(10);
    expect(Math.max(...ofQuiet)).toBeLessThan(ENDS_AT - 10 * 86_400_000);
    const count = (name: string) => leads.filter(({ template }) => template.scenario.name === name).length;
    expect(count('sold to the first')).toBeGreaterThan(3_000);
    expect(count('a handful')).toBeLessThan(20);
  });
});

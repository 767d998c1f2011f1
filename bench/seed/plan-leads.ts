import { createPicker } from './chance.ts';
import type { LeadTemplate } from './run-templates.ts';
import { weighSource } from './scenarios.ts';

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
const WEEKEND = 0.6;

/** How busy each hour of the day is (UTC). */
const BY_HOUR = [3, 2, 1, 1, 1, 1, 2, 3, 5, 7, 9, 10, 11, 11, 12, 12, 13, 12, 11, 10, 9, 8, 6, 4];

export interface PlannedLead {
  template: LeadTemplate;
  /** Epoch ms. */
  startedAt: number;
}

/** Leads and pings in the order of their time, over whole hours that end at `endsAt`, busy by day and quiet at night. */
export function* planLeads(given: {
  templates: readonly LeadTemplate[];
  leads: number;
  days: number;
  /** Epoch ms. */
  endsAt: number;
  chance: () => number;
}): Generator<PlannedLead> {
  const { templates, leads, days, endsAt, chance } = given;
  const hours = Array.from({ length: Math.ceil(days * DAY_HOURS) }, (_, place) => {
    const startsAt = endsAt - (Math.ceil(days * DAY_HOURS) - place) * HOUR_MS;
    return { startsAt, weight: weighHour(startsAt) };
  });
  const sum = hours.reduce((all, { weight }) => all + weight, 0);
  let owed = 0;
  for (const [place, { startsAt, weight }] of hours.entries()) {
    owed += (leads * weight) / sum;
    const count = Math.floor(owed + 1e-9);
    owed -= count;
    yield* planHour({ templates, count, startsAt, phase: place / hours.length, chance });
  }
}

function weighHour(startsAt: number): number {
  const date = new Date(startsAt);
  const isWeekend = date.getUTCDay() === 0 || date.getUTCDay() === 6;
  return (BY_HOUR[date.getUTCHours()] ?? 1) * (isWeekend ? WEEKEND : 1);
}

/** `count` leads; pings without a lead come beside them. */
function* planHour(given: {
  templates: readonly LeadTemplate[];
  count: number;
  startsAt: number;
  phase: number;
  chance: () => number;
}): Generator<PlannedLead> {
  const { templates, count, startsAt, phase, chance } = given;
  const weights = weighTemplates(templates, phase);
  const pick = createPicker(weights);
  const share = templates.reduce((all, template, place) => all + (isLead(template) ? (weights[place] ?? 0) : 0), 0);
  const all = Math.round((count * weights.reduce((sum, weight) => sum + weight, 0)) / share);
  for (let place = 0; place < all; place += 1) {
    const template = templates[pick(chance)];
    const startedAt = startsAt + Math.floor(((place + chance()) / all) * HOUR_MS);
    if (template) yield { template, startedAt };
  }
}

export function isLead({ scenario }: LeadTemplate): boolean {
  return scenario.ping !== 'alone';
}

/** What the scenarios of a source weigh together is what the source weighs. */
function weighTemplates(templates: readonly LeadTemplate[], phase: number): number[] {
  const sums = new Map<string, number>();
  const weighed = templates.map(({ source, scenario }) => scenario.weigh(source, phase));
  for (const [place, template] of templates.entries()) {
    if (!isLead(template)) continue;
    const { sourceId } = template.source;
    sums.set(sourceId, (sums.get(sourceId) ?? 0) + (weighed[place] ?? 0));
  }
  return templates.map(({ source }, place) => {
    const part = (weighed[place] ?? 0) / (sums.get(source.sourceId) ?? 1);
    return weighSource(source, phase) * part;
  });
}

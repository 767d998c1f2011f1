import type { SeedSource } from './installation.ts';

/** How a recipient answers: `12.5` buys for so many dollars; a text is why it does not buy; the others are faults. */
export type Answer = number | string | { fault: 'unavailable' | 'hang-up' };

/** What happens to a lead after its sender has its answer. */
export type Later = { kind: 'retry'; answer: Answer } | { kind: 'return'; reason: string } | { kind: 'conversion' };

/** What a lead of the made-up installation lives through. */
export interface Scenario {
  name: string;
  /** How often, in relation to the others; `phase` is how much of all days has passed, 0…1. */
  weigh(source: SeedSource, phase: number): number;
  /** Of the recipients, in turn. */
  answers: readonly Answer[];
  /** Form values beside those of every person. */
  values?: Readonly<Record<string, string>>;
  /** The person came before. */
  isDuplicate?: true;
  /** A ping comes first; `alone`: no lead follows. */
  ping?: 'redeemed' | 'alone';
  later?: readonly Later[];
}

const UNAVAILABLE: Answer = { fault: 'unavailable' };

/** The flow with a recipient that fails for the last sixth of all days: its fourth. */
const FAILING_FLOW = 3;
const isFailing = ({ flow }: SeedSource, phase: number) => flow === FAILING_FLOW && phase > 5 / 6;

const always = (weight: number) => () => weight;
const ofPings = (weight: number) => (source: SeedSource) => (source.answersPings ? weight : 0);
/** At one source alone, so that the combination is very rare. */
const ofOneSource = (weight: number, place: { flow: number; place: number }) => (source: SeedSource) =>
  source.flow === place.flow && source.place === place.place ? weight : 0;

/** With long tails: the last ones are a handful among millions. */
export const SCENARIOS: readonly Scenario[] = [
  { name: 'sold to the first', weigh: always(26), answers: [12.5] },
  { name: 'sold to the first for more', weigh: always(11), answers: [18] },
  { name: 'sold to the second', weigh: always(14), answers: ['Duplicate lead', 11] },
  { name: 'sold to the third', weigh: always(9), answers: ['Outside of our area', 'Duplicate lead', 9.25] },
  {
    name: 'sold to the last',
    weigh: (source, phase) => (isFailing(source, phase) ? 0 : 4),
    answers: ['Duplicate lead', 'Credit score below 620', 'Duplicate lead', 'No agent available', 7.5],
  },
  {
    name: 'the fourth fails, sold to the last',
    weigh: (source, phase) => (isFailing(source, phase) ? 12 : 0.4),
    answers: ['Duplicate lead', 'Credit score below 620', 'Duplicate lead', UNAVAILABLE, 7.5],
  },
  {
    name: 'unsold',
    weigh: always(10),
    answers: ['Duplicate lead', 'Outside of our area', 'Duplicate lead', 'No agent available', 'Not interested'],
  },
  {
    name: 'unsold at full caps',
    weigh: always(4),
    answers: ['Daily cap of 50 reached', 'Daily cap of 120 reached', 'Duplicate lead', 'Closed', 'Not interested'],
  },
  { name: 'of another state', weigh: always(7), answers: [], values: { state: 'WA', postal_code: '98101' } },
  { name: 'a duplicate', weigh: always(6), answers: [12.5], isDuplicate: true },
  { name: 'an invalid phone number', weigh: always(3), answers: [], values: { phone_1: '12' } },
  {
    name: 'delivered by a retry',
    weigh: always(0.8),
    answers: [UNAVAILABLE, 'Duplicate lead', 'Duplicate lead', 'Closed', 'Not interested'],
    later: [
      { kind: 'retry', answer: UNAVAILABLE },
      { kind: 'retry', answer: 10 },
    ],
  },
  {
    name: 'refused by a retry',
    weigh: always(0.4),
    answers: [UNAVAILABLE, 'Duplicate lead', 'Duplicate lead', 'Closed', 'Not interested'],
    later: [{ kind: 'retry', answer: 'Duplicate lead' }],
  },
  { name: 'an answer that never came', weigh: always(0.1), answers: ['Closed', { fault: 'hang-up' }, 9.25] },
  { name: 'returned', weigh: always(1.6), answers: [12.5], later: [{ kind: 'return', reason: 'Wrong number' }] },
  {
    name: 'returned as not interested',
    weigh: always(0.8),
    answers: ['Duplicate lead', 11],
    later: [{ kind: 'return', reason: 'Not interested' }],
  },
  { name: 'a refused return', weigh: always(0.2), answers: [12.5], later: [{ kind: 'return', reason: 'Bored' }] },
  { name: 'converted', weigh: always(2.4), answers: [18], later: [{ kind: 'conversion' }] },
  { name: 'pinged and sold', weigh: ofPings(14), answers: [12.5], ping: 'redeemed' },
  { name: 'a ping without a lead', weigh: ofPings(30), answers: [], ping: 'alone' },
  { name: 'stopped by compliance', weigh: always(0.002), answers: ['Stopped by the compliance team', 11] },
  {
    name: 'a suspended account',
    weigh: ofOneSource(0.02, { flow: 4, place: 1 }),
    answers: ['Duplicate lead', 'Account suspended', 'Duplicate lead', 'Closed', 'Not interested'],
  },
  {
    name: 'a handful',
    weigh: ofOneSource(0.005, { flow: 7, place: 2 }),
    answers: ['Manual review of reference 48151623', 11],
    later: [{ kind: 'return', reason: 'Duplicate' }],
  },
];

/** How much of all leads a source brings: a few large ones, a long tail, some that went quiet and one that is new. */
export function weighSource(source: SeedSource, phase: number): number {
  const rank = source.flow * 4 + source.place;
  const weight = 1 / (1 + ((rank * 7) % 31));
  if (source.flow === 1 && source.place === 3) return phase < 0.4 ? weight : 0;
  if (source.flow === 5 && source.place === 2) return phase < 0.75 ? weight : 0;
  if (source.flow === 6 && source.place === 1) return phase > 0.5 ? weight : 0;
  return weight;
}

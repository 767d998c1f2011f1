import type { FlowDocument, RecipientStep, Step } from '../src/model/flow.ts';
import type { Rule } from '../src/model/rule-set.ts';
import { SOURCE_ENTITY_ID } from './workloads.ts';

/** Flows near the documented bounds, each with much of one thing: what saving and deploying has to get through. */
export interface WorstFlow {
  name: string;
  /** Flows of different seeds have no text in common, so that nothing of one is compiled already for the next. */
  flow(seed: number): FlowDocument;
}

export const WORST_FLOWS: readonly WorstFlow[] = [
  {
    name: '9 000 patterns',
    flow: (seed) => buildFlow([buildFilter(times(9_000, seed, (index) => pattern(`^(a${index}|b)[a-z]{2,9}$`)))]),
  },
  {
    name: '3 000 patterns of 100 characters',
    flow: (seed) => buildFlow([buildFilter(times(3_000, seed, (index) => pattern(address(index))))]),
  },
  {
    name: '31 patterns of Unicode properties',
    flow: (seed) =>
      buildFlow([buildFilter(times(31, seed, (index) => pattern(`/^[\\p{L}\\p{N}\\p{S}\\p{P}]{150}${index}$/u`)))]),
  },
  {
    name: '4 000 mappings with templates',
    flow: (seed) =>
      buildFlow([
        buildRecipient(
          0,
          times(4_000, seed, (index) => ({ property: `json_property.p${index}`, value: choice(index) })),
        ),
      ]),
  },
  {
    name: '1 000 steps of one rule',
    flow: (seed) => buildFlow(times(1_000, seed, (index) => buildFilter([equal(`T${index}`)]))),
  },
  {
    name: '1 000 recipients that are tried again',
    flow: (seed) =>
      buildFlow(times(1_000, seed, (index) => ({ ...buildRecipient(index, []), ...asAlternative(index) }))),
  },
  {
    name: '10 000 rules with templates on both sides',
    flow: (seed) =>
      buildFlow([
        buildFilter(
          times(10_000, seed, (index) => ({
            lhv: `{{uppercase lead.state}}${index}`,
            op: 'is equal to',
            rhv: `x{{lead.email}}${index}`,
          })),
        ),
      ]),
  },
  {
    name: '5 lists of 19 000 values',
    flow: (seed) =>
      buildFlow([
        buildFilter(
          times(5, 0, (list) => ({
            lhv: 'lead.postal_code',
            op: 'is included in',
            rhv: times(19_000, seed, (zip) => String(list * 19_000 + zip)),
          })),
        ),
      ]),
  },
  {
    name: '72 000 short rules, 4 MiB',
    flow: (seed) =>
      buildFlow(times(8, 0, (step) => buildFilter(times(9_000, seed, (index) => equal(`T${step}${index % 1_000}`))))),
  },
  {
    name: '1 000 sources of 8 rules',
    flow: (seed) => ({
      ...buildFlow([]),
      sources: times(1_000, seed, (index) => ({
        ...buildSource(index - seed * SEEDS_APART),
        acceptance_criteria: {
          outcome: 'failure' as const,
          rule_set: { op: 'and' as const, rules: times(8, 0, (rule) => equal(`T${rule}`)) },
        },
      })),
    }),
  },
];

function buildFlow(steps: Step[]): FlowDocument {
  return {
    name: 'Worst',
    enabled: true,
    fields: ['first_name', 'last_name', 'email', 'phone_1', 'state', 'postal_code', 'dob'],
    sources: [buildSource(0)],
    steps,
  };
}

function buildSource(index: number): FlowDocument['sources'][number] {
  return {
    // The first one is where the measurements send their leads.
    entity: index === 0 ? { id: SOURCE_ENTITY_ID, name: 'Sender' } : { name: `Sender ${index}` },
    integration: { module_id: 'leadconduit-default.inbound', mappings: [{ property: 'email', value: '{{mail}}' }] },
  };
}

function buildFilter(rules: Rule[]): Step {
  return { type: 'filter', outcome: 'failure', reason: 'no {{lead.state}}', rule_set: { op: 'or', rules } };
}

function buildRecipient(index: number, mappings: RecipientStep['integration']['mappings']): RecipientStep {
  return {
    type: 'recipient',
    entity: { name: `Buyer ${index}` },
    key: `b${index}`,
    integration: {
      module_id: 'leadconduit-custom.outbound.json',
      mappings: [{ property: 'url', value: 'https://example.com/' }, ...mappings],
    },
  };
}

function asAlternative(index: number): Partial<RecipientStep> {
  const lhv = index === 0 ? 'lead.state' : `b${index - 1}.outcome`;
  return { retry_enabled: true, rule_set: { op: 'and', rules: [{ lhv, op: 'is not equal to', rhv: 'success' }] } };
}

function pattern(rhv: string): Rule {
  return { lhv: 'lead.email', op: 'matches pattern', rhv };
}

function address(index: number): string {
  const words = ['alpha', 'bravo', 'char', 'delta', 'echo'].map((word, place) => `${word}${(index * 7 + place) % 977}`);
  return `^(${words.join('|')})[a-z]{2,20}@(?:[a-z0-9-]+\\.)+(?:com|net|org${index})$`;
}

function choice(index: number): string {
  return `{{#if lead.email}}{{uppercase lead.first_name}} ${index}{{else}}{{format lead.dob format="MM/DD/YYYY"}}{{/if}} {{lead.last_name}}`;
}

function equal(rhv: string): Rule {
  return { lhv: 'lead.state', op: 'is equal to', rhv };
}

const SEEDS_APART = 100_000;

function times<T>(count: number, seed: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(seed * SEEDS_APART + index));
}

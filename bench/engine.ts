import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseValue } from '../src/field-types/parse-value.ts';
import { findField } from '../src/fields/find-field.ts';
import { compileMappings, type MappingProgram } from '../src/mappings/compile-mappings.ts';
import type { FlowDocument } from '../src/model/flow.ts';
import type { Problem } from '../src/model/problem.ts';
import type { Rule } from '../src/model/rule-set.ts';
import type { Vars } from '../src/model/vars.ts';
import { compileTestFlow, deliveryTo, testFlow } from '../src/pipeline/testing/test-flow.ts';
import { compileRuleSet, compileRuleSetInSlices, type RuleProgram } from '../src/rules/compile-rule-set.ts';
import { createRuleCatalogue } from '../src/rules/rule-catalogue.ts';
import { referenceUs } from '../test/harness/cpu-ratio.ts';
import type { Floor } from './intake-floors.ts';
import { printFloors } from './intake-table.ts';
import { median } from './statistics.ts';

export interface EngineOptions {
  rounds: number;
  leadsPerRound: number;
}

const RESULTS = fileURLToPath(new URL('./results/', import.meta.url));
/** Processors differ by half and more, so the floors are in loops of the reference; one takes 1.4 to 4 ms. */
const LOOPS_PER_1000_LEADS_MAX = 75;
const LOOPS_PER_COMPILATION_MAX = 10;
/** Enough that code is compiled and caches of days and zones are as full as in a running server. */
const WARM_UP_LEADS = 5_000;
const COMPILES_PER_ROUND = 5;

/**
 * What the pure engine costs, without HTTP and store: CPU per lead for reading 20 fields, two of them phones, 10 rules
 * and 10 mappings, and per compilation of a flow with 50 rules. Every lead has other texts. Prints the medians, writes
 * bench/results/engine.json, and answers whether the floors hold.
 */
export function measureEngine({ rounds, leadsPerRound }: EngineOptions): boolean {
  const engine = prepareEngine();
  for (let lead = 0; lead < WARM_UP_LEADS; lead += 1) runLead(engine, buildSubmission(lead));
  const leadUs: number[] = [];
  const compileMs: number[] = [];
  const loops: { lead: number; compilation: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = referenceUs();
    const lead = measureLeads(engine, { first: round * leadsPerRound, count: leadsPerRound });
    const compilation = measureCompilation();
    const loopUs = (before + referenceUs()) / 2;
    leadUs.push(lead);
    compileMs.push(compilation);
    loops.push({ lead: (lead * 1_000) / loopUs, compilation: (compilation * 1_000) / loopUs });
  }
  const floors = [
    atMost(
      'CPU per 1 000 leads: 20 fields, 10 rules, 10 mappings, reference loops',
      LOOPS_PER_1000_LEADS_MAX,
      median(loops.map(({ lead }) => lead)),
    ),
    atMost(
      'CPU to compile a flow of 50 rules, reference loops',
      LOOPS_PER_COMPILATION_MAX,
      median(loops.map(({ compilation }) => compilation)),
    ),
  ];
  printFloors(floors);
  console.log(`     ${median(leadUs).toFixed(1)} µs per lead, ${median(compileMs).toFixed(1)} ms per compilation here`);
  mkdirSync(RESULTS, { recursive: true });
  const json = JSON.stringify({ node: process.version, rounds, leadsPerRound, leadUs, compileMs, floors }, null, 2);
  writeFileSync(`${RESULTS}engine.json`, `${json}\n`);
  return floors.every((floor) => floor.holds);
}

function atMost(name: string, bound: number, measured: number): Floor {
  return { name, kind: 'at-most', bound, measured, holds: measured <= bound };
}

const FIELDS = [
  'first_name',
  'last_name',
  'email',
  'phone_1',
  'phone_2',
  'address_1',
  'city',
  'state',
  'postal_code',
  'country',
  'dob',
  'gender',
  'ip_address',
  'landing_page',
  'credit_rating',
  'comments',
  'age',
  'monthly_payment',
  'universal_leadid',
  'campaign_id',
] as const;

/** Numbers and words differ from lead to lead, so that nothing is answered from a cache that a server would not have. */
function buildSubmission(lead: number): Record<(typeof FIELDS)[number], string> {
  const digits = String(1_000_000 + ((lead * 7919) % 8_999_999));
  return {
    first_name: `Ada${lead % 977}`,
    last_name: 'Lovelace-King',
    email: `Ada.${digits}@Example.com`,
    phone_1: `(512) 7${digits.slice(0, 2)}-${digits.slice(2, 6)}`,
    phone_2: `1-512-8${digits.slice(1, 3)}-${digits.slice(3, 7)} x12`,
    address_1: `${digits.slice(0, 4)} W 5th St`,
    city: 'Austin',
    state: 'texas',
    postal_code: `78${digits.slice(0, 3)}-4224`,
    country: 'US',
    dob: `${1 + (lead % 12)}/${1 + (lead % 28)}/${1940 + (lead % 60)}`,
    gender: lead % 2 === 0 ? 'f' : 'Male',
    ip_address: `12.34.${lead % 250}.${(lead * 7) % 250}`,
    landing_page: `https://www.example.com/solar?utm_id=${digits}`,
    credit_rating: 'good',
    comments: `Please call after 5 pm, ${digits}`,
    age: String(18 + (lead % 60)),
    monthly_payment: '$1,250.50',
    universal_leadid: `8B5C-${digits}`,
    campaign_id: digits,
  };
}

const RULES: Rule[] = [
  { lhv: 'lead.state', op: 'is included in', rhv: 'TX,CA,OK,LA' },
  { lhv: 'lead.email', op: 'is not blank' },
  { lhv: 'lead.email', op: 'format is valid' },
  { lhv: 'lead.phone_1', op: 'format is valid' },
  { lhv: 'lead.phone_1.area', op: 'is equal to', rhv: '512' },
  { lhv: 'lead.dob', op: 'is less than', rhv: '2007-01-01' },
  { lhv: 'lead.postal_code.zip', op: 'matches pattern', rhv: '^78\\d{3}$' },
  { lhv: 'lead.comments', op: 'does not include', rhv: 'test lead' },
  { lhv: 'lead.email.domain', op: 'is not equal to', rhv: 'example.org' },
  { lhv: 'lead.gender', op: 'is not blank' },
];

const MAPPINGS = [
  ['json_property.first', '{{lead.first_name}}'],
  ['json_property.last', '{{lead.last_name}}'],
  ['json_property.email', '{{lowercase lead.email}}'],
  ['json_property.phone', '{{lead.phone_1}}'],
  ['json_property.area', '{{lead.phone_1.area}}'],
  ['json_property.born', '{{format lead.dob format="MM/DD/YYYY"}}'],
  ['json_property.name', '{{lead.first_name}} {{lead.last_name}}'],
  ['json_property.state', '{{uppercase lead.state}}'],
  ['json_property.zip', '{{lead.postal_code.zip}}'],
  ['json_property.source', 'sluice'],
].map(([property = '', value = '']) => ({ property, value }));

const CTX = { now: Date.UTC(2025, 2, 3, 12), timeZone: 'America/New_York', random: () => 0.5 };

interface Engine {
  types: readonly string[];
  rules: RuleProgram;
  mappings: MappingProgram;
}

function prepareEngine(): Engine {
  const problems: Problem[] = [];
  const options = { labelOf: (path: string) => path, catalogue: createRuleCatalogue(), problems };
  const rules = compileRuleSet({ op: 'and', rules: RULES }, { path: 'rule_set', ...options });
  const mappings = compileMappings(MAPPINGS, {
    path: 'mappings',
    problems,
    compileRules: (ruleSet, path) => compileRuleSetInSlices(ruleSet, { path, ...options }),
  });
  if (problems.length > 0) throw new Error(`the workload cannot run: ${JSON.stringify(problems)}`);
  return { types: FIELDS.map((id) => findField(id, [])?.type ?? 'string'), rules, mappings };
}

function runLead({ types, rules, mappings }: Engine, submitted: Record<string, string>): void {
  const lead: Vars = {};
  for (const [index, id] of FIELDS.entries()) lead[id] = parseValue(types[index] ?? 'string', submitted[id], CTX);
  const vars = { lead };
  const verdict = rules.evaluate(vars, CTX);
  const applied = mappings.apply(vars, {}, CTX);
  if (!verdict.passed || applied.length < MAPPINGS.length)
    throw new Error(`not the workload: ${JSON.stringify(verdict)}`);
}

/** µs of CPU per lead. The submissions are made outside of the measure. */
function measureLeads(engine: Engine, { first, count }: { first: number; count: number }): number {
  const submissions = Array.from({ length: count }, (_, lead) => buildSubmission(first + lead));
  const before = process.cpuUsage();
  for (const submitted of submissions) runLead(engine, submitted);
  return cpuUs(before) / count;
}

/** ms of CPU per compilation. */
function measureCompilation(): number {
  const document = flowOfFiftyRules();
  const before = process.cpuUsage();
  for (let turn = 0; turn < COMPILES_PER_ROUND; turn += 1) {
    const { problems } = compileTestFlow(document);
    if (problems.length > 0) throw new Error(`the flow cannot run: ${JSON.stringify(problems)}`);
  }
  return cpuUs(before) / COMPILES_PER_ROUND / 1000;
}

/** Ten rules each as criteria, of a filter and of three deliveries with the mappings above. */
function flowOfFiftyRules(): FlowDocument {
  const ruleSet = { op: 'and' as const, rules: RULES };
  const properties = Object.fromEntries(MAPPINGS.map(({ property, value }) => [property, value]));
  const names = ['Alpha', 'Bravo', 'Charlie'];
  return testFlow({
    fields: [...FIELDS],
    acceptance_criteria: { rule_set: ruleSet, outcome: 'failure', reason: 'Not for us' },
    steps: [
      { id: 'filter', type: 'filter', rule_set: ruleSet, outcome: 'failure', reason: 'Not for us' },
      ...names.map((name) => deliveryTo(name, { rule_set: ruleSet }, properties)),
    ],
  });
}

function cpuUs(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

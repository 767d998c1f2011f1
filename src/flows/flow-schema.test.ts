import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { WORKLOADS } from '../../bench/workloads.ts';
import { demoFlow } from '../demo/demo-flow.ts';
import type { Cap, PingLimit } from '../model/cap.ts';
import type {
  AcceptanceCriteria,
  Approval,
  Candidate,
  ConversionSettings,
  Destination,
  DistributionStep,
  EntityReference,
  FilterStep,
  FlowDocument,
  HoursOfOperation,
  ListCheck,
  ListChecks,
  ListValue,
  Margin,
  RecipientFeedback,
  RecipientStep,
  ReturnSettings,
  Source,
  SourceFeedback,
  Span,
} from '../model/flow.ts';
import type { Integration, Mapping } from '../model/mapping.ts';
import type { Price, Pricing, PricingServiceConfiguration } from '../model/pricing.ts';
import type { Rule, RuleSet } from '../model/rule-set.ts';
import { buildEditorSchema } from './build-flow-schema.ts';
import type { PropertyRow } from './flow-property.ts';
import { FLOW_OBJECTS, flowObject } from './flow-schema.ts';
import { parseFlowDocument } from './parse-flow-document.ts';

type RowsOf<T> = Readonly<Record<keyof T, PropertyRow>>;

/** What the parser and the compiler read is typed: a property of these types without a row does not compile. */
const ROWS = {
  flow: FLOW_OBJECTS.Flow.properties satisfies RowsOf<FlowDocument>,
  source: FLOW_OBJECTS.Source.properties satisfies RowsOf<Source>,
  step: FLOW_OBJECTS.Step.properties satisfies RowsOf<FilterStep> & RowsOf<RecipientStep> & RowsOf<DistributionStep>,
  candidate: FLOW_OBJECTS.Candidate.properties satisfies RowsOf<Candidate>,
  margin: FLOW_OBJECTS.Margin.properties satisfies RowsOf<Margin>,
  entity: FLOW_OBJECTS.Entity.properties satisfies RowsOf<EntityReference>,
  integration: FLOW_OBJECTS.Integration.properties satisfies RowsOf<Integration>,
  mapping: FLOW_OBJECTS.Mapping.properties satisfies RowsOf<Mapping>,
  rule: FLOW_OBJECTS.Rule.properties satisfies RowsOf<Rule>,
  ruleSet: FLOW_OBJECTS.RuleSet.properties satisfies RowsOf<RuleSet>,
  criteria: FLOW_OBJECTS.AcceptanceCriteria.properties satisfies RowsOf<AcceptanceCriteria>,
  hours: FLOW_OBJECTS.HoursOfOperation.properties satisfies RowsOf<HoursOfOperation>,
  days: FLOW_OBJECTS.Days.properties satisfies RowsOf<NonNullable<HoursOfOperation['days']>>,
  pricing: FLOW_OBJECTS.Pricing.properties satisfies RowsOf<Pricing>,
  price: FLOW_OBJECTS.Price.properties satisfies RowsOf<Price>,
  pricingService: FLOW_OBJECTS.PricingService.properties satisfies RowsOf<PricingServiceConfiguration>,
  listChecks: FLOW_OBJECTS.ListChecks.properties satisfies RowsOf<ListChecks>,
  duplicate: FLOW_OBJECTS.DuplicateCheck.properties satisfies RowsOf<ListCheck>,
  listValue: FLOW_OBJECTS.ListValue.properties satisfies RowsOf<ListValue>,
  lookback: FLOW_OBJECTS.Lookback.properties satisfies RowsOf<NonNullable<ListCheck['lookback']>>,
  destination: FLOW_OBJECTS.Destination.properties satisfies RowsOf<Destination>,
  cap: FLOW_OBJECTS.Cap.properties satisfies RowsOf<Cap>,
  pingLimit: FLOW_OBJECTS.PingLimit.properties satisfies RowsOf<PingLimit>,
  sourceFeedback: FLOW_OBJECTS.SourceFeedback.properties satisfies RowsOf<SourceFeedback>,
  recipientFeedback: FLOW_OBJECTS.RecipientFeedback.properties satisfies RowsOf<RecipientFeedback>,
  returns: FLOW_OBJECTS.Returns.properties satisfies RowsOf<ReturnSettings>,
  conversions: FLOW_OBJECTS.Conversions.properties satisfies RowsOf<ConversionSettings>,
  approval: FLOW_OBJECTS.Approval.properties satisfies RowsOf<Approval>,
  span: FLOW_OBJECTS.Span.properties satisfies RowsOf<Span>,
};

describe('the table of properties', () => {
  it('has a row for all that is read, and every row says what it does', () => {
    for (const properties of Object.values(ROWS)) {
      for (const { does } of Object.values(properties)) expect(does).toMatch(/^[A-Z`].*\.$/);
    }
  });

  it('refers to its own objects only, and says of each part that is not used what helps', () => {
    for (const [name, { properties }] of Object.entries(FLOW_OBJECTS)) {
      for (const row of Object.values<PropertyRow>(properties)) {
        if (row.type.object !== undefined) expect(flowObject(row.type.object)).toBeDefined();
        const isPart = !['Firehose', 'Services', 'Bucket', 'PricingService'].includes(name);
        if (row.status === 'not-yet' && isPart) expect(row.instead).toMatch(/\.$/);
      }
    }
  });
});

describe('the JSON Schema for editors', () => {
  const validate = new Ajv2020({ strict: false, allErrors: true }).compile(buildEditorSchema());
  const faults = (document: unknown) => {
    validate(document);
    return (validate.errors ?? []).map(({ instancePath }) => instancePath.slice(1).replaceAll('/', '.'));
  };
  const sample = (name: string) => JSON.parse(readFileSync(new URL(`./cases/${name}.json`, import.meta.url), 'utf8'));

  it('takes the demo flow and those of the benchmark', () => {
    expect(faults(demoFlow('http://127.0.0.1:8401/'))).toEqual([]);
    for (const { flow } of WORKLOADS) expect(faults(flow('http://127.0.0.1:1'))).toEqual([]);
  });

  it.each(['flow-sample-of-seed-003', 'create-sample-of-seed-003', 'flow-sample-of-seed-004'])(
    'finds in %s what the server finds, and no unknown name',
    (name) => {
      const parsed = parseFlowDocument(sample(name));
      if (!parsed.ok) throw new Error(name);
      expect(faults(parsed.value.sound)).toEqual([]);
      const paths = faults(sample(name));
      // A choice is reported at its own place, too.
      for (const { path } of parsed.value.faults) {
        expect(paths.some((found) => path.startsWith(found) || found.startsWith(path))).toBe(true);
      }
      validate(sample(name));
      expect((validate.errors ?? []).filter(({ keyword }) => keyword === 'additionalProperties')).toEqual([]);
    },
  );

  it.each([
    [{ acceptence_criteria: {} }, ''],
    [{ caps: [{ type: 'volume', maxium: 3 }] }, 'caps.0'],
    [{ hours_of_operation: { days: { mnoday: [] } } }, 'hours_of_operation.days'],
    [{ enabled: 'yes' }, 'enabled'],
  ])('marks %j', (part, path) => {
    expect(faults({ name: 'F', enabled: true, fields: [], sources: [], steps: [], ...part })).toContain(path);
  });

  it('takes null where it means absent', () => {
    expect(faults({ name: 'F', enabled: true, fields: [], sources: [], steps: [], caps: null, level: null })).toEqual(
      [],
    );
  });
});

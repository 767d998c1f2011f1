import { Type } from 'typebox';
import { CAP_DURATION_UNITS } from '../model/cap.ts';
import { LOOKBACK_INTERVALS } from '../model/flow.ts';
import { DOLLARS_MAX } from '../model/money.ts';

/**
 * The shape of a Flow document as the API spells it (seeds 003 and 004, spec api 3.2), after null properties have been
 * left out. Unknown properties are allowed, so that documents people bring are kept whole; not in the list checks,
 * where a misspelt name would mean that nothing is ever a duplicate.
 */
const SOURCES_MAX = 1_000;
const STEPS_MAX = 1_000;
const FIELDS_MAX = 2_000;
const TEXT_CHARACTERS_MAX = 32_768;

const text = Type.String({ maxLength: TEXT_CHARACTERS_MAX });
const nonEmptyText = Type.String({ minLength: 1, maxLength: TEXT_CHARACTERS_MAX });
/** Ids of other systems' making are kept, so only their length is bounded. */
const nestedId = Type.String({ minLength: 1, maxLength: 64 });
/** The submit URL carries the entity's id, so it has the form of one. */
const entityId = Type.String({ pattern: '^[0-9a-fA-F]{24}$' });

const ruleValue = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null(), Type.Array(Type.String())]);

const ruleSet = Type.Cyclic(
  {
    RuleSet: Type.Object({
      id: Type.Optional(nestedId),
      op: Type.Enum(['and', 'or']),
      rules: Type.Array(Type.Ref('Node')),
    }),
    // A rule or a rule set: one object with everything optional, because a union would report each fault twice.
    Node: Type.Object(
      {
        id: Type.Optional(nestedId),
        lhv: Type.Optional(text),
        op: Type.Optional(text),
        rhv: Type.Optional(ruleValue),
        rule_set: Type.Optional(Type.Ref('RuleSet')),
        rules: Type.Optional(Type.Array(Type.Ref('Node'))),
      },
      {
        dependentSchemas: { rules: { properties: { op: { enum: ['and', 'or'] } }, required: ['op'] } },
      },
    ),
  },
  'RuleSet',
);

const mapping = Type.Object({
  id: Type.Optional(nestedId),
  property: nonEmptyText,
  value: Type.Union([
    Type.String(),
    Type.Number(),
    Type.Boolean(),
    Type.Null(),
    Type.Array(Type.Union([Type.String(), Type.Null()])),
  ]),
  rule_set: Type.Optional(ruleSet),
});

const integration = Type.Object({ module_id: nonEmptyText, mappings: Type.Optional(Type.Array(mapping)) });

const entity = Type.Object({
  id: Type.Optional(entityId),
  name: Type.Optional(text),
  time_zone: Type.Optional(text),
});

const limit = {
  id: Type.Optional(nestedId),
  name: Type.Optional(text),
  maximum: Type.Integer({ minimum: 0, maximum: 1_000_000_000 }),
  duration: Type.Integer({ minimum: 1, maximum: 100_000 }),
  duration_units: Type.Enum([...CAP_DURATION_UNITS]),
  time_zone: Type.Optional(text),
  created_at: Type.Optional(text),
};

const caps = Type.Cyclic(
  {
    Caps: Type.Array(Type.Ref('Cap'), { minItems: 1 }),
    Cap: Type.Object({
      ...limit,
      type: Type.Enum(['volume']),
      rule_set: Type.Optional(ruleSet),
      caps: Type.Optional(Type.Ref('Caps')),
      reason: Type.Optional(text),
    }),
  },
  'Caps',
);

const pingLimits = Type.Array(Type.Object(limit));

const criteria = Type.Object({ rule_set: ruleSet, outcome: Type.Optional(text), reason: Type.Optional(text) });

const amount = Type.Number({ minimum: 0, maximum: DOLLARS_MAX });

const pricing = Type.Object({
  override: Type.Optional(Type.Boolean()),
  prices: Type.Optional(Type.Array(Type.Object({ amount, rule_set: Type.Optional(ruleSet) }))),
});

const pricingService = Type.Object({ service_id: Type.Optional(text), fallback_price: amount });

const feedback = Type.Object({ rule_set: Type.Optional(ruleSet), integration: Type.Optional(integration) });

const clockTime = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$' });
const openPeriods = Type.Optional(Type.Array(Type.Object({ start: clockTime, end: clockTime })));

const hoursOfOperation = Type.Object({
  enabled: Type.Optional(Type.Boolean()),
  time_zone: Type.Optional(text),
  days: Type.Optional(
    Type.Object({
      monday: openPeriods,
      tuesday: openPeriods,
      wednesday: openPeriods,
      thursday: openPeriods,
      friday: openPeriods,
      saturday: openPeriods,
      sunday: openPeriods,
    }),
  ),
});

const listCheck = Type.Optional(
  Type.Object({
    value: nonEmptyText,
    list_name: nonEmptyText,
    lookback: Type.Optional(
      Type.Object({
        value: Type.Integer({ minimum: 1, maximum: 100_000 }),
        interval: Type.Enum([...LOOKBACK_INTERVALS]),
      }),
    ),
    add: Type.Optional(Type.Boolean()),
  }),
);

const destination = Type.Object({
  name: Type.Optional(text),
  actions: Type.Optional(
    Type.Array(
      Type.Object({ name: Type.Optional(text), action_id: Type.Optional(text), webhook_url: Type.Optional(text) }),
    ),
  ),
});

const source = Type.Object({
  id: Type.Optional(nestedId),
  integration,
  entity,
  acceptance_criteria: Type.Optional(criteria),
  feedback: Type.Optional(feedback),
  caps: Type.Optional(caps),
  ping_limits: Type.Optional(pingLimits),
  credential_id: Type.Optional(text),
  pricing: Type.Optional(pricing),
  pricing_service: Type.Optional(pricingService),
  enabled: Type.Optional(Type.Boolean()),
  authentication_required: Type.Optional(Type.Boolean()),
  deadline_seconds: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 3_600 })),
  response_fields: Type.Optional(Type.Array(text)),
});

function requires(type: string, properties: string[]) {
  return { if: { not: { properties: { type: { const: type } }, required: ['type'] } }, else: { required: properties } };
}

/**
 * Both step types in one object, because a union would report the faults of the type that was not meant. `else` and
 * not `then`: the checker reports nothing of what fails inside a `then`.
 */
const step = Type.Object(
  {
    type: Type.Enum(['filter', 'recipient']),
    id: Type.Optional(nestedId),
    description: Type.Optional(text),
    notes: Type.Optional(text),
    enabled: Type.Optional(Type.Boolean()),
    outcome: Type.Optional(text),
    reason: Type.Optional(text),
    rule_set: Type.Optional(ruleSet),
    entity: Type.Optional(entity),
    integration: Type.Optional(integration),
    caps: Type.Optional(caps),
    pricing: Type.Optional(pricing),
    feedback: Type.Optional(feedback),
    retry_enabled: Type.Optional(Type.Boolean()),
    idempotent: Type.Optional(Type.Boolean()),
    strict_status: Type.Optional(Type.Boolean()),
    key: Type.Optional(text),
  },
  { allOf: [requires('filter', ['rule_set']), requires('recipient', ['entity', 'integration'])] },
);

export const flowSchema = Type.Object({
  id: Type.Optional(Type.String({ pattern: '^[0-9a-fA-F]{24}$' })),
  name: Type.String({ minLength: 1, maxLength: 1_000 }),
  enabled: Type.Boolean(),
  fields: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems: FIELDS_MAX }),
  sources: Type.Array(source, { maxItems: SOURCES_MAX }),
  steps: Type.Array(step, { maxItems: STEPS_MAX }),
  caps: Type.Optional(caps),
  acceptance_criteria: Type.Optional(criteria),
  hours_of_operation: Type.Optional(hoursOfOperation),
  pricing: Type.Optional(pricing),
  pricing_service: Type.Optional(pricingService),
  list_checks: Type.Optional(
    Type.Object(
      { duplicate: listCheck, existing_customer: listCheck, dnc: listCheck },
      { additionalProperties: false },
    ),
  ),
  destinations: Type.Optional(Type.Array(destination)),
  ping_enabled: Type.Optional(Type.Boolean()),
  ping_limits: Type.Optional(pingLimits),
  firehose: Type.Optional(Type.Object({ enabled: Type.Optional(Type.Boolean()) })),
  level: Type.Optional(text),
});

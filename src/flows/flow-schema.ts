import { CAP_DOLLARS_MAX } from '../caps/cap-units.ts';
import { PING_LIFE_SECONDS_DEFAULT, PING_LIFE_SECONDS_MAX } from '../flow-compiler/compile-flow.ts';
import { BID_TIMEOUT_MS_DEFAULT, BID_TIMEOUT_MS_MAX, BID_TIMEOUT_MS_MIN } from '../flow-compiler/compile-steps.ts';
import { CAP_DURATION_UNITS, CAP_TYPES } from '../model/cap.ts';
import { DISTRIBUTION_METHODS, LIST_CHECK_VALUES_MAX, LOOKBACK_INTERVALS, RETURN_DECISIONS } from '../model/flow.ts';
import { DOLLARS_MAX } from '../model/money.ts';
import {
  choiceType,
  type FlowObject,
  listType,
  objectType,
  type PropertyRow,
  type PropertyType,
} from './flow-property.ts';

/**
 * Every property of a Flow document (seeds 003 and 004, spec api 3.2), object by object. This table is the source of
 * the shape that is checked at save, of the search for unknown names (decision 49), of the warnings about parts that
 * nothing acts on yet, of the JSON Schema at `/schemas/flow.json` and of `docs/reference/flow-document.md`. A new
 * property is one row here and one line in the type of `model/flow.ts`; a test compares the two.
 */
const SOURCES_MAX = 1_000;
const STEPS_MAX = 1_000;
const FIELDS_MAX = 2_000;
/** Recipients of one distribution. */
const CANDIDATES_MAX = 100;
const WEIGHT_MAX = 1_000_000;
const RANK_MAX = 1_000;
const TEXT_CHARACTERS_MAX = 32_768;

const text: PropertyType = { label: 'text', schema: { type: 'string', maxLength: TEXT_CHARACTERS_MAX } };
const nonEmptyText: PropertyType = {
  label: 'text',
  schema: { type: 'string', minLength: 1, maxLength: TEXT_CHARACTERS_MAX },
};
const template: PropertyType = { ...text, label: 'template' };
const nonEmptyTemplate: PropertyType = { ...nonEmptyText, label: 'template' };
const flag: PropertyType = { label: 'true or false', schema: { type: 'boolean' } };
/** Ids of other systems' making are kept, so only their length is bounded. */
const nestedId: PropertyType = { label: 'id', schema: { type: 'string', minLength: 1, maxLength: 64 } };
const hexId: PropertyType = {
  label: 'id, 24 hexadecimal characters',
  schema: { type: 'string', pattern: '^[0-9a-fA-F]{24}$' },
};
const timeZone: PropertyType = { ...text, label: 'time zone' };
const timestamp: PropertyType = { ...text, label: 'ISO 8601 time' };
const amount: PropertyType = { label: 'dollars', schema: { type: 'number', minimum: 0, maximum: DOLLARS_MAX } };
const anything: PropertyType = { label: 'anything', schema: {} };
const clockTime: PropertyType = {
  label: 'time of day',
  schema: { type: 'string', pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$' },
};

const ruleValue: PropertyType = {
  label: 'text, number, true, false or list of texts; templates in them',
  schema: {
    anyOf: [
      { type: 'string' },
      { type: 'number' },
      { type: 'boolean' },
      { type: 'null' },
      { type: 'array', items: { type: 'string' } },
    ],
  },
};

const mappingValue: PropertyType = {
  label: 'template, number, true, false, null or list of templates',
  schema: {
    anyOf: [
      { type: 'string' },
      { type: 'number' },
      { type: 'boolean' },
      { type: 'null' },
      { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
    ],
  },
};

const NEW_ID = 'a new one';
const given: PropertyRow = {
  type: nestedId,
  does: 'Names it across revisions.',
  default: NEW_ID,
  example: '1aacd0',
};
const readOnlyTime: PropertyRow = {
  type: { ...anything, label: timestamp.label },
  does: 'When.',
  status: 'read-only',
};

const caps: PropertyRow = {
  type: listType(objectType('Cap'), { minItems: 1 }),
  does: 'How many leads are taken per window, or how much money. A lead takes a place in each cap whose rules match.',
  default: 'no bound',
};
const pingLimits: PropertyRow = {
  type: listType(objectType('PingLimit')),
  does: 'How many pings are accepted per window; one more is a failure, `Ping limit reached`.',
  default: 'no bound',
};
const pricing: PropertyRow = {
  type: objectType('Pricing'),
  does: 'What a lead costs: the flow’s price first, then the source’s, else 0. On a step: what the recipient pays.',
  default: 'price 0',
};
const pricingService: PropertyRow = {
  type: objectType('PricingService'),
  does: 'A service that is asked for the price of each lead; then `pricing` of the same level has no effect.',
};
const SPAN = {
  value: {
    type: { label: 'whole number', schema: { type: 'integer', minimum: 1, maximum: 100_000 } },
    isRequired: true,
    does: 'How many.',
    example: 30,
  },
  interval: { type: choiceType(LOOKBACK_INTERVALS), isRequired: true, does: 'Of which unit.', example: 'day' },
} as const satisfies Readonly<Record<string, PropertyRow>>;
const REASONS_MAX = 100;
const criteria: PropertyRow = {
  type: objectType('AcceptanceCriteria'),
  does: 'Rules a lead must pass to be taken; the flow’s are asked before the source’s.',
  default: 'every lead is taken',
};
const ruleSet: PropertyRow = { type: objectType('RuleSet'), does: 'The rules.' };
const entityRow: PropertyRow = { type: objectType('Entity'), isRequired: true, does: 'Who sends or receives.' };

const LIMIT = {
  id: { ...given, does: 'Its counter belongs to the id: keep it when the flow is saved again.' },
  name: { type: text, does: 'For people, and for recognising it in a body without ids.', example: 'Monthly leads' },
  maximum: {
    type: { label: 'whole number', schema: { type: 'integer', minimum: 0, maximum: 1_000_000_000 } },
    isRequired: true,
    does: 'Places per window; 0 takes none.',
    example: 1200,
  },
  duration: {
    type: { label: 'whole number', schema: { type: 'integer', minimum: 1, maximum: 100_000 } },
    isRequired: true,
    does: 'Length of the window in `duration_units`.',
    example: 1,
  },
  duration_units: {
    type: choiceType(CAP_DURATION_UNITS),
    isRequired: true,
    does: 'Calendar units in the time zone.',
    example: 'month',
  },
  time_zone: {
    type: timeZone,
    does: 'When its days, weeks and months begin.',
    default: 'the account’s',
    example: 'America/New_York',
  },
  created_at: {
    type: timestamp,
    does: 'Anchors windows of several units.',
    default: 'when it was first saved',
    example: '2026-01-01T00:00:00Z',
  },
} as const satisfies Readonly<Record<string, PropertyRow>>;

const listOfValues: PropertyType = {
  label: `list of 1 to ${LIST_CHECK_VALUES_MAX} templates or [ListValue](#listvalue)`,
  schema: {
    type: 'array',
    items: { anyOf: [nonEmptyTemplate.schema, { $ref: '#/$defs/ListValue' }] },
    minItems: 1,
    maxItems: LIST_CHECK_VALUES_MAX,
  },
  object: 'ListValue',
};

const LIST_CHECK = {
  value: {
    type: nonEmptyTemplate,
    does: 'What is looked for; a blank value is not checked. Give this or `values`.',
    example: '{{lead.phone_1}}',
  },
  values: {
    type: listOfValues,
    does: 'Several values, of which any may be found. Those that are not blank are looked for, entered and given back together.',
    example: ['{{lead.phone_1}}', '{{lead.email}}'],
  },
  list_name: {
    type: nonEmptyText,
    does: 'The list; it is made at deploy if there is none. Needed unless each of `values` has a list of its own.',
    example: 'duplicates',
  },
  lookback: { type: objectType('Lookback'), does: 'How far back entries count.', default: 'for ever' },
} as const satisfies Readonly<Record<string, PropertyRow>>;

const DELIVERY = {
  entity: { type: objectType('Entity'), does: 'Who receives; required.' },
  integration: {
    type: objectType('Integration'),
    does: 'The module that delivers, such as `leadconduit-custom.outbound.json`; its mappings fill the module’s properties. Required.',
  },
  caps: {
    ...caps,
    does: 'How many deliveries are made per window, or for how much; full, the step is a `skip`.',
  },
  pricing: {
    ...pricing,
    does: 'What the recipient pays; with `override`, the price it answers.',
  },
  feedback: {
    type: objectType('RecipientFeedback'),
    does: 'Which feedback the recipient may send of leads it accepted ([feedback](../guides/feedback.md)).',
    default: 'none',
  },
  retry_enabled: {
    type: flag,
    does: 'A delivery that ended as `error` is tried again.',
    default: 'false',
    example: true,
  },
  idempotent: {
    type: flag,
    does: 'The recipient recognises repeated requests by their `Idempotency-Key`, so one that may have arrived is retried too.',
    default: 'false',
    example: true,
  },
  strict_status: {
    type: flag,
    does: 'An answer with a 4xx status is a `failure` whatever its body says.',
    default: 'false',
    example: true,
  },
  key: {
    type: text,
    does: 'The name under which later rules and templates read what it appended.',
    default: 'the entity’s name in snake case',
    example: 'my_crm',
  },
  acceptance_criteria: {
    type: anything,
    does: 'Nothing: the rules of a step are its `rule_set`.',
    status: 'not-yet',
    instead: 'the rules of a step are its "rule_set".',
  },
  credential_id: {
    type: text,
    does: 'The stored credential that it authenticates with ([credentials](../guides/credentials.md)).',
    example: '67c59a40dddddddddddddddd',
  },
} as const satisfies Readonly<Record<string, PropertyRow>>;

const CLOUD: Readonly<Record<string, PropertyRow>> = {
  enabled: { type: flag, does: 'Whether events are copied there.', default: 'false' },
  credential_id: {
    type: text,
    does: 'The stored credential, of the type `aws` or `azure` ([firehose](../guides/firehose.md)).',
    example: '5fd4371e940df5a34a3888c3',
  },
  bucket: { type: text, does: 'The bucket; of Azure the container.', example: 'acme-leads' },
  prefix: {
    type: text,
    does: 'The beginning of the names of objects: `<prefix>/<lead id>/<event id>.json`.',
    default: 'none',
    example: 'events',
  },
};

const openPeriods: PropertyRow = {
  type: listType(objectType('Period')),
  does: 'Open periods; a day without one is closed.',
  example: [{ start: '08:30', end: '17:00' }],
};

/** In the order of the reference; the name is that of the JSON Schema’s definition. */
export const FLOW_OBJECTS = {
  Flow: {
    what: 'The document of `POST /flows` and `PUT /flows/{id}`.',
    properties: {
      $schema: { type: text, does: 'For editors: the address of the JSON Schema.', status: 'carried' },
      id: {
        type: hexId,
        does: 'May be chosen when the flow is made, and stays.',
        default: NEW_ID,
        example: '5fd4371e940df5a34a3888b2',
      },
      name: {
        type: { label: 'text', schema: { type: 'string', minLength: 1, maxLength: 1_000 } },
        isRequired: true,
        does: 'For people; the variable `flow.name`.',
        example: 'Mortgage leads',
      },
      enabled: {
        type: flag,
        isRequired: true,
        does: 'Switched off, every lead ends as `error`, with the reason `Flow is disabled`.',
        example: true,
      },
      fields: {
        type: listType(
          { label: 'field id', schema: { type: 'string', minLength: 1, maxLength: 200 } },
          { maxItems: FIELDS_MAX },
        ),
        isRequired: true,
        does: 'Ids of the fields a lead keeps; everything else that is submitted is dropped.',
        example: ['first_name', 'email', 'state'],
      },
      sources: {
        type: listType(objectType('Source'), { maxItems: SOURCES_MAX }),
        isRequired: true,
        does: 'Who may submit, and on which terms.',
      },
      steps: {
        type: listType(objectType('Step'), { maxItems: STEPS_MAX }),
        isRequired: true,
        does: 'Filters and recipients, in the order they run.',
      },
      caps,
      acceptance_criteria: criteria,
      hours_of_operation: {
        type: objectType('HoursOfOperation'),
        does: 'When leads are taken, asked before the criteria.',
        default: 'always',
      },
      pricing,
      pricing_service: pricingService,
      list_checks: { type: objectType('ListChecks'), does: 'Values looked up in lists before rules are asked.' },
      destinations: {
        type: listType(objectType('Destination')),
        does: 'Receivers of every lead the steps have processed without an error.',
      },
      ping_enabled: {
        type: flag,
        does: 'Whether pings are answered, at `/ping` in the place of `/submit`; otherwise their senders get 404.',
        default: 'false',
      },
      ping_limits: pingLimits,
      ping_life_seconds: {
        type: {
          label: `whole number from 1 to ${PING_LIFE_SECONDS_MAX}`,
          schema: { type: 'integer', minimum: 1, maximum: PING_LIFE_SECONDS_MAX },
        },
        does: 'How long a post may have the price of its ping. Ours.',
        default: String(PING_LIFE_SECONDS_DEFAULT),
        example: 120,
      },
      firehose: {
        type: objectType('Firehose'),
        does: 'Copies every event as a JSON object to buckets of S3 and Azure ([firehose](../guides/firehose.md)).',
      },
      level: { type: text, does: 'In answers of the original.', status: 'carried' },
      errors: { type: anything, does: 'What keeps the flow from running, by path.', status: 'read-only' },
      warnings: {
        type: anything,
        does: 'What can run and is probably not meant ([lint.md](lint.md)).',
        status: 'read-only',
      },
      revision: {
        type: { label: 'whole number', schema: { type: 'integer', minimum: 1 } },
        does: 'The number of the saved revision.',
        status: 'read-only',
      },
      deployed_revision: {
        type: { ...anything, label: 'whole number or null' },
        does: 'The revision leads run on.',
        status: 'read-only',
      },
      created_at: readOnlyTime,
      updated_at: readOnlyTime,
    },
  },
  Source: {
    what: 'Who submits to the flow. Its submit URL carries the id of its entity.',
    properties: {
      id: given,
      integration: {
        type: objectType('Integration'),
        isRequired: true,
        does: 'The module that reads the request, such as `leadconduit-default.inbound`; its mappings rename and set what was submitted.',
      },
      entity: { ...entityRow, does: 'Who submits.' },
      acceptance_criteria: criteria,
      feedback: {
        type: objectType('SourceFeedback'),
        does: 'How feedback that was accepted is relayed to the source; its answer decides.',
        default: 'nothing is relayed',
      },
      caps,
      ping_limits: pingLimits,
      credential_id: {
        type: text,
        does: 'The id of the one API key that may submit, as the password of HTTP Basic; it is then required.',
      },
      pricing,
      pricing_service: pricingService,
      enabled: { type: flag, does: 'Switched off, senders get 403.', default: 'true', example: true },
      authentication_required: {
        type: flag,
        does: 'Senders must give an API key of the account that may submit here as the password of HTTP Basic.',
        default: 'false',
        example: false,
      },
      allowed_origins: {
        type: listType(text, { maxItems: SOURCES_MAX }),
        does: 'Origins whose pages may send here; a page of any other gets 403. Requests without an origin are taken.',
        default: 'every origin',
        example: ['https://www.example.com'],
      },
      redirect_hosts: {
        type: listType(text, { maxItems: SOURCES_MAX }),
        does: 'Hosts that the `redir_url` of a submission may lead to; any other is answered with 400. `*.example.com` stands for every host below example.com.',
        default: 'every host',
        example: ['www.example.com'],
      },
      deadline_seconds: {
        type: { label: 'number', schema: { type: 'number', exclusiveMinimum: 0, maximum: 3_600 } },
        does: 'How long the whole lead may take; steps get what is left.',
        default: 'no bound of its own',
        example: 20,
      },
      response_fields: {
        type: listType(text),
        does: 'Variables the answer carries beside outcome, reason, lead id and price.',
        default: 'those of the module',
        example: ['outcome', 'lead.id', 'price'],
      },
    },
  },
  Step: {
    what: 'A filter, which stops the lead when its rules match, a recipient, which is delivered to, or a distribution, which offers the lead to several recipients.',
    properties: {
      type: {
        type: choiceType(['filter', 'recipient', 'distribution']),
        isRequired: true,
        does: 'Which of the three.',
        example: 'recipient',
      },
      id: given,
      description: { type: text, does: 'For people.' },
      notes: { type: text, does: 'For people.' },
      enabled: {
        type: flag,
        does: 'Switched off, it does not run and leaves no event.',
        default: 'true',
        example: true,
      },
      outcome: {
        type: template,
        only: ['filter'],
        does: 'The lead’s outcome: success, failure or error.',
        default: '`failure`',
        example: 'failure',
      },
      reason: {
        type: template,
        only: ['filter'],
        does: 'The reason the sender gets.',
        default: '`Failed rules`',
        example: '{{my_crm.reason}}',
      },
      rule_set: {
        ...ruleSet,
        only: ['filter', 'recipient'],
        does: 'Of a filter, where it is required: matching leads stop here. Of a recipient: other leads are a `skip`.',
        default: 'every lead',
      },
      entity: ofRecipient(DELIVERY.entity),
      integration: ofRecipient(DELIVERY.integration),
      caps: ofRecipient(DELIVERY.caps),
      pricing: ofRecipient(DELIVERY.pricing),
      feedback: ofRecipient(DELIVERY.feedback),
      retry_enabled: ofRecipient(DELIVERY.retry_enabled),
      idempotent: ofRecipient(DELIVERY.idempotent),
      strict_status: ofRecipient(DELIVERY.strict_status),
      acceptance_criteria: ofRecipient(DELIVERY.acceptance_criteria),
      credential_id: ofRecipient(DELIVERY.credential_id),
      name: {
        type: text,
        only: ['distribution'],
        does: 'For people, and the step’s `key`.',
        example: 'Mortgage buyers',
      },
      method: {
        type: choiceType(DISTRIBUTION_METHODS),
        only: ['distribution'],
        does: 'How it chooses who is offered the lead ([selling](../guides/selling.md)). Required.',
        example: 'round_robin',
      },
      recipients: {
        type: listType(objectType('Candidate'), { minItems: 1, maxItems: CANDIDATES_MAX }),
        only: ['distribution'],
        does: 'Who may be offered the lead. Required.',
      },
      max_sales: {
        type: { label: 'whole number', schema: { type: 'integer', minimum: 1, maximum: CANDIDATES_MAX } },
        only: ['distribution'],
        does: 'Recipients that may accept a lead.',
        default: '1; with `send_all` all of them',
        example: 1,
      },
      bid_timeout_ms: {
        type: {
          label: 'whole number',
          schema: { type: 'integer', minimum: BID_TIMEOUT_MS_MIN, maximum: BID_TIMEOUT_MS_MAX },
        },
        only: ['distribution'],
        does: 'With `highest_bid`: how many ms all bids of a tier may take together, and never more than the deadline of the source leaves.',
        default: String(BID_TIMEOUT_MS_DEFAULT),
        example: 300,
      },
      minimum_price: {
        type: amount,
        only: ['distribution'],
        does: 'With `highest_bid`: a lower bid does not get the lead.',
        default: 'each bid above 0 may get it',
        example: 5,
      },
      margin_floor: {
        type: objectType('Margin'),
        only: ['distribution'],
        does: 'With `highest_bid`: what each sale must leave above the cost of the lead.',
        default: 'anything',
      },
      bids_price_pings: {
        type: flag,
        only: ['distribution'],
        does: 'With `highest_bid`: buyers are asked during a ping, whose price is the best bid less `margin_floor`, whatever the prices of flow and source are; the post that redeems it is sold at these bids, and asks none again.',
        default: 'false',
        example: true,
      },
      key: {
        ...DELIVERY.key,
        only: ['recipient', 'distribution'],
        does: 'The name under which later rules and templates read what it appended; of a distribution behind `distribution.`.',
        default: 'the name of the entity or of the distribution in snake case',
      },
    },
    // `else` and not `then`: the checker reports nothing of what fails inside a `then`.
    keywords: {
      allOf: [
        requires('filter', ['rule_set']),
        requires('recipient', ['entity', 'integration']),
        requires('distribution', ['method', 'recipients']),
      ],
    },
  },
  Candidate: {
    what: 'A recipient of a distribution: what a recipient step has, and its place among the others.',
    properties: {
      type: {
        type: choiceType(['recipient']),
        does: 'May stay in a recipient step that is moved here. Distributions and filters cannot be inside of a distribution.',
        default: '`recipient`',
        example: 'recipient',
      },
      id: { ...given, does: 'Names it across revisions, as the id of a step: its turns and its events belong to it.' },
      description: { type: text, does: 'For people.' },
      notes: { type: text, does: 'For people.' },
      enabled: { type: flag, does: 'Switched off, it is offered nothing.', default: 'true', example: true },
      rule_set: { ...ruleSet, does: 'Which leads it is offered.', default: 'every lead' },
      ...DELIVERY,
      entity: { ...DELIVERY.entity, isRequired: true },
      integration: { ...DELIVERY.integration, isRequired: true },
      caps: {
        ...DELIVERY.caps,
        does: 'How many deliveries are made per window, or for how much; full, it is offered nothing.',
      },
      hours_of_operation: {
        type: objectType('HoursOfOperation'),
        does: 'When it is offered leads.',
        default: 'always',
      },
      weight: {
        type: { label: 'number', schema: { type: 'number', minimum: 0, maximum: WEIGHT_MAX } },
        does: 'With `weighted`: its part of the offers in relation to the others. 0: it is offered a lead only when none of the others takes it.',
        default: '1',
        example: 2,
      },
      percentage: {
        type: { label: 'number', schema: { type: 'number', minimum: 0, maximum: 100 } },
        does: 'With `percentage`, where it is required: its part of the sales, of 100.',
        example: 25,
      },
      priority: {
        type: { label: 'whole number', schema: { type: 'integer', minimum: 0, maximum: RANK_MAX } },
        does: 'With `priority`: higher ones are offered the lead first, equal ones in the order of the list.',
        default: '0',
        example: 10,
      },
      tier: {
        type: { label: 'whole number', schema: { type: 'integer', minimum: 1, maximum: RANK_MAX } },
        does: 'Lower ones are offered the lead first, each tier by the method; the next one only what is not sold often enough.',
        default: '1',
        example: 1,
      },
      exclusive: {
        type: flag,
        does: 'When it accepts, no other recipient gets the lead. It is offered before the others of its tier, and only while the lead is unsold.',
        default: 'false',
        example: false,
      },
      bid: {
        type: objectType('Integration'),
        does: 'With `highest_bid`: the question for its bid. The `price` of an answer whose outcome is `success` is the bid, above 0.',
        default: 'what its `pricing` says is its bid',
      },
    },
  },
  Margin: {
    what: 'The least difference between two prices: one of the two.',
    properties: {
      amount: { type: amount, does: 'In dollars.', example: 2 },
      percent: {
        type: { label: 'number', schema: { type: 'number', minimum: 0, maximum: 100 } },
        does: 'A part of the sale price, of 100.',
        example: 20,
      },
    },
  },
  Entity: {
    what: 'A sender or a recipient.',
    properties: {
      id: { type: hexId, does: 'Of a source, the id in its submit URL.', default: NEW_ID },
      name: { type: text, does: 'The variables `source.name` and `recipient.name`.', example: 'My CRM' },
      time_zone: {
        type: timeZone,
        does: 'Nothing: windows follow the time zone of the cap, of the hours, or the account’s.',
        status: 'carried',
      },
    },
  },
  Integration: {
    what: 'A module and what it is given ([modules.md](modules.md)).',
    properties: {
      module_id: { type: nonEmptyText, isRequired: true, does: 'The module.', example: 'leadconduit-default.inbound' },
      mappings: {
        type: listType(objectType('Mapping')),
        does: 'Values of its properties, in order; of two for one property the later one wins.',
        default: 'none',
      },
    },
  },
  Mapping: {
    what: 'One property and what fills it.',
    properties: {
      id: given,
      property: {
        type: nonEmptyText,
        isRequired: true,
        does: 'Of a recipient: a property of the module. Of a source: a field, with or without `lead.`.',
        example: 'json_property.email',
      },
      value: { type: mappingValue, isRequired: true, does: 'What it is given.', example: '{{lead.email}}' },
      rule_set: { ...ruleSet, does: 'Only leads that pass are mapped.', default: 'every lead' },
    },
  },
  RuleSet: {
    what: 'Rules that are asked together.',
    properties: {
      id: given,
      op: { type: choiceType(['and', 'or']), isRequired: true, does: 'All must pass, or one.', example: 'and' },
      rules: {
        type: listType(objectType('Rule')),
        isRequired: true,
        does: 'Rules, and rule sets among them. None: every lead passes.',
      },
    },
  },
  Rule: {
    // A rule or a rule set: one object with everything optional, because a choice would report each fault twice.
    what: 'One test of a variable; with `rules` it is a rule set.',
    properties: {
      id: given,
      lhv: { type: text, does: 'The variable, or a template.', example: 'lead.state' },
      op: {
        type: text,
        does: 'The operator ([operators.md](operators.md)); of a rule set `and` or `or`.',
        example: 'is equal to',
      },
      rhv: { type: ruleValue, does: 'What it is compared with.', example: 'TX' },
      rule_set: { ...ruleSet, does: 'Must pass, too.' },
      rules: { type: listType(objectType('Rule')), does: 'Of a rule set: its rules.' },
    },
    keywords: { dependentSchemas: { rules: { properties: { op: { enum: ['and', 'or'] } }, required: ['op'] } } },
  },
  AcceptanceCriteria: {
    what: 'Which leads are taken.',
    properties: {
      rule_set: { ...ruleSet, isRequired: true, does: 'A lead that does not pass is refused.' },
      outcome: {
        type: text,
        does: 'Its outcome: success, failure or error.',
        default: '`failure`',
        example: 'failure',
      },
      reason: {
        type: template,
        does: 'The reason the sender gets.',
        default: 'made from the rule that failed',
        example: 'Lead must live in TX',
      },
    },
  },
  Cap: {
    what: 'A bound on how many leads are taken per window, or on their money ([limits](../guides/limits.md)).',
    properties: {
      ...LIMIT,
      type: {
        type: choiceType(CAP_TYPES),
        isRequired: true,
        does: '`volume` counts leads, or deliveries of a step. `revenue` counts dollars: of a flow or source what leads cost (`cost`), of a step what the recipient pays (`revenue`).',
        example: 'volume',
      },
      maximum: {
        type: { label: 'number', schema: { type: 'number', minimum: 0, maximum: CAP_DOLLARS_MAX } },
        isRequired: true,
        does: 'Per window: a whole number of leads, or dollars with up to four decimals. 0 takes none.',
        example: 1200,
      },
      rule_set: { ...ruleSet, does: 'Only leads that pass count.', default: 'every lead' },
      caps: { ...caps, does: 'Caps inside this one, for the leads that count here.', default: 'none' },
      reason: { type: template, does: 'The reason when it is full.', default: '`Cap reached`', example: 'Cap reached' },
    },
  },
  PingLimit: { what: 'A bound on how many pings are taken per window.', properties: LIMIT },
  Pricing: {
    what: 'Prices by rules, or by the other side.',
    properties: {
      override: {
        type: flag,
        does: 'The submitted `price` is the price; on a step, the one the recipient answers. `prices` must be empty.',
        default: 'false',
        example: false,
      },
      prices: {
        type: listType(objectType('Price')),
        does: 'Of the prices whose rules match the last one counts.',
        default: 'none',
      },
      maximum_price: {
        type: amount,
        does: 'On a step with `override`: the most that is booked of the price the recipient answers. A revenue cap of the step needs it, because it is held before the delivery.',
        default: 'no bound',
        example: 25,
      },
    },
  },
  Price: {
    what: 'One price and the leads that have it.',
    properties: {
      id: { type: anything, does: 'Names it across revisions.', default: NEW_ID, example: '0d144a' },
      amount: { type: amount, isRequired: true, does: 'Above 0, with up to four decimals.', example: 4.5 },
      rule_set: { ...ruleSet, does: 'Which leads.', default: 'every lead' },
    },
  },
  PricingService: {
    what: 'A service that is asked for prices.',
    properties: {
      service_id: {
        type: text,
        does: 'Which one, as `GET /pricing_services` lists them; required to deploy.',
        example: '67c59a40cccccccccccccccc',
      },
      fallback_price: { type: amount, isRequired: true, does: 'The price when it gives none in time.', example: 1 },
    },
  },
  HoursOfOperation: {
    what: 'When leads are taken.',
    properties: {
      enabled: { type: flag, does: 'Switched off, always open.', default: 'true', example: true },
      time_zone: { type: timeZone, does: 'Of the periods.', default: 'the account’s', example: 'America/New_York' },
      days: { type: objectType('Days'), does: 'The periods of each day.' },
    },
  },
  Days: {
    what: 'Open periods of each day of the week.',
    properties: {
      monday: openPeriods,
      tuesday: openPeriods,
      wednesday: openPeriods,
      thursday: openPeriods,
      friday: openPeriods,
      saturday: openPeriods,
      sunday: openPeriods,
    },
  },
  Period: {
    what: 'A time of the day, the start inside and the end outside.',
    properties: {
      start: { type: clockTime, isRequired: true, does: 'From.', example: '08:30' },
      end: { type: clockTime, isRequired: true, does: 'Until; `24:00` is the end of the day.', example: '17:00' },
    },
  },
  ListChecks: {
    what: 'What is looked up in lists. Each sets a variable; a rule on it turns leads away.',
    properties: {
      duplicate: {
        type: objectType('DuplicateCheck'),
        does: 'Sets `suppressionlist.is_duplicate`, and enters the value when the lead is taken.',
      },
      existing_customer: {
        type: objectType('ListCheck'),
        does: 'Sets `suppressionlist.is_existing_customer`.',
      },
      dnc: {
        type: objectType('ListCheck'),
        does: 'Sets `suppressionlist.is_dnc`.',
      },
    },
    isClosed: true,
  },
  DuplicateCheck: {
    what: 'A list check that enters what it looked for.',
    properties: {
      ...LIST_CHECK,
      add: { type: flag, does: 'Whether the value is entered.', default: 'true', example: true },
    },
  },
  ListCheck: { what: 'A look into a list.', properties: LIST_CHECK },
  ListValue: {
    what: 'One of several values of a list check.',
    properties: {
      value: { type: nonEmptyTemplate, isRequired: true, does: 'What is looked for.', example: '{{lead.email}}' },
      list_name: { type: nonEmptyText, does: 'The list it is looked up in.', default: 'that of the check' },
    },
  },
  Lookback: {
    what: 'How far back entries of a list count.',
    properties: SPAN,
  },
  Destination: {
    what: 'A destination of `GET /destinations` that this flow uses.',
    properties: {
      instance_id: { type: text, does: 'Which one; required to deploy.' },
      actions: { type: listType(objectType('Action')), does: 'Which of its actions.', default: 'all' },
      name: { type: text, does: 'Nothing: the name is that of the destination.', status: 'carried' },
      integration_name: { type: anything, does: 'In answers of the original.', status: 'carried' },
      integration_icon_url: { type: anything, does: 'In answers of the original.', status: 'carried' },
      flow_usages: { type: anything, does: 'In answers of `GET /destinations`.', status: 'carried' },
    },
  },
  Action: {
    what: 'One address of a destination.',
    properties: {
      action_id: { type: text, does: 'Which one.' },
      name: { type: text, does: 'Nothing: the name is that of the destination’s action.', status: 'carried' },
      webhook_url: { type: text, does: 'Nothing: the address is that of the destination’s action.', status: 'carried' },
    },
  },
  SourceFeedback: {
    what: 'How feedback that was accepted is relayed to the source.',
    properties: {
      integration: {
        type: objectType('Integration'),
        does: 'The module that sends it, such as `leadconduit-custom.outbound.json`; its mappings read the lead and `feedback.type`, `feedback.reason` and `feedback.timestamp`.',
        default: 'nothing is relayed',
      },
      rule_set: { ...ruleSet, does: 'Which feedback is relayed.', default: 'all' },
    },
  },
  RecipientFeedback: {
    what: 'Which feedback a recipient may send of leads it accepted.',
    properties: {
      returns: {
        type: objectType('Returns'),
        does: 'Returns: they take back what the recipient paid.',
        default: 'none',
      },
      conversions: { type: objectType('Conversions'), does: 'Conversions.', default: 'none' },
      rule_set: { ...ruleSet, does: 'Of both; feedback of other leads is a `failure`.', default: 'every lead' },
      integration: { type: anything, does: 'In answers of the original.', status: 'carried' },
    },
  },
  Conversions: {
    what: 'Conversions that a recipient may send.',
    properties: {
      enabled: { type: flag, does: 'Whether they are taken; otherwise they get 409.', default: 'false', example: true },
      rule_set: { ...ruleSet, does: 'Those of other leads are a `failure`.', default: 'every lead' },
    },
  },
  Returns: {
    what: 'Returns that a recipient may send. A lead is returned once by a recipient.',
    properties: {
      enabled: { type: flag, does: 'Whether they are taken; otherwise they get 409.', default: 'false', example: true },
      maximum_age: {
        type: objectType('Span'),
        does: 'How old a lead may be; those of older leads are a `failure`.',
        default: 'any age',
      },
      rule_set: { ...ruleSet, does: 'Those of other leads are a `failure`.', default: 'every lead' },
      reasons: {
        type: listType(nonEmptyText, { minItems: 1, maxItems: REASONS_MAX }),
        does: 'The reasons a return may have, without regard to case; any other is a `failure`.',
        default: 'any, or none',
        example: ['Wrong number', 'Duplicate'],
      },
      approval: {
        type: objectType('Approval'),
        does: 'Returns wait until somebody accepts or declines them.',
        default: 'they are accepted at once',
      },
      refund_cost: {
        type: flag,
        does: 'An accepted return also takes back what the lead cost. Where the source is asked, its answer decides instead.',
        default: 'false',
        example: true,
      },
    },
  },
  Approval: {
    what: 'How long a return waits for a decision.',
    properties: {
      deadline: { type: objectType('Span'), isRequired: true, does: 'When the default decides.' },
      default: {
        type: choiceType(RETURN_DECISIONS),
        isRequired: true,
        does: 'What becomes of a return that is still open then.',
        example: 'accept',
      },
    },
  },
  Span: { what: 'A length of time.', properties: SPAN },
  Firehose: {
    what: 'Where events are copied to. The first four are the older form, of one bucket of S3; `services.aws` is taken in their place.',
    properties: {
      ...CLOUD,
      services: {
        type: objectType('Services'),
        does: 'The newer form: each service by itself, with its own `enabled`.',
      },
    },
  },
  Services: {
    what: 'The two kinds of buckets.',
    properties: {
      aws: { type: objectType('Bucket'), does: 'Amazon S3, or what speaks its protocol.' },
      azure: { type: objectType('Bucket'), does: 'Azure Blob Storage.' },
    },
  },
  Bucket: {
    what: 'One bucket.',
    properties: {
      ...CLOUD,
      connection_string: {
        type: text,
        does: 'Of Azure, in the place of a credential. Stored encrypted; answers have asterisks, which keep it when they are sent back.',
        example: '********',
      },
    },
  },
} as const satisfies Readonly<Record<string, FlowObject>>;

/** A row of an object with types that only recipients read. */
function ofRecipient(row: PropertyRow): PropertyRow {
  return { ...row, only: ['recipient'] };
}

function requires(type: string, properties: string[]) {
  return { if: { not: { properties: { type: { const: type } }, required: ['type'] } }, else: { required: properties } };
}

/** The object a property refers to by its name. */
export function flowObject(name: string): FlowObject | undefined {
  // A widening: every row of the table is a FlowObject.
  const objects: Readonly<Record<string, FlowObject>> = FLOW_OBJECTS;
  return Object.hasOwn(objects, name) ? objects[name] : undefined;
}

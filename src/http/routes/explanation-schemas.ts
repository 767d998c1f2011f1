import { Type } from 'typebox';
import { CLOSED, nullable, TIME } from '../schemas.ts';

/*
 * Why a lead ended as it did, as leads, events and evaluations show it (`events/explain-lead.ts`). A phase and a step
 * have more than is named here: only what is always there is required.
 */

const DISTANCE = Type.Object(
  {
    scale: Type.String(),
    by: Type.Number({ description: 'Below zero: the left side is too small or too early.' }),
    unit: nullable(Type.String()),
  },
  CLOSED,
);

const RULE_FACTS = {
  path: Type.String({ description: 'In the Flow document: `steps.0.rule_set.rules.1`.' }),
  id: nullable(Type.String()),
  label: Type.Optional(Type.Unknown({ description: 'What a reason calls the left side.' })),
  lhv: Type.Unknown(),
  op: Type.Unknown(),
  rhv: Type.Unknown({ description: 'null: the operator has no right side.' }),
  left: Type.Optional(Type.Unknown({ description: 'What the left side came to; absent: it is missing.' })),
  right: Type.Optional(Type.Unknown()),
  distance: nullable(DISTANCE, { description: 'How far the rule was from passing; null: it does not compare.' }),
};

const RULE = Type.Object({ ...RULE_FACTS, passed: Type.Boolean() }, { ...CLOSED, $id: 'ExplainedRule' });

const VERDICT = Type.Enum(['passed', 'failed', 'not reached']);
const DEPTH = Type.Integer({ description: 'How deep it is nested; the rule set itself has 0.' });

/** A rule set as a list: each group before what is in it. */
export const RULE_TREE = Type.Object(
  {
    path: Type.String({ description: 'In the Flow document: `steps.1.rule_set`.' }),
    name: Type.String({ description: 'What it belongs to.' }),
    is_deciding: Type.Boolean({ description: 'It stopped the lead.' }),
    stops_when: Type.Enum(['passed', 'failed'], {
      description: '`passed` of a filter, which stops a lead whose rules hold.',
    }),
    verdict: VERDICT,
    nodes: Type.Array(
      Type.Union([
        Type.Object(
          {
            kind: Type.Literal('group'),
            path: Type.String(),
            depth: DEPTH,
            holds: Type.Enum(['all', 'any'], { description: 'How many of its rules have to hold.' }),
            verdict: VERDICT,
          },
          CLOSED,
        ),
        Type.Object({ kind: Type.Literal('rule'), depth: DEPTH, ...RULE_FACTS, verdict: VERDICT }, CLOSED),
      ]),
      { description: 'Each group before what is in it. `not reached`: an earlier rule had decided.' },
    ),
  },
  { ...CLOSED, $id: 'RuleTree' },
);

const CAP = Type.Object(
  {
    id: Type.String(),
    name: Type.Optional(Type.String()),
    amount: Type.Optional(
      Type.Number({
        description:
          'Of a revenue cap: the dollars the lead would have taken; then maximum, count and held are dollars too.',
      }),
    ),
    maximum: Type.Number(),
    count: Type.Number(),
    held: Type.Number({ description: 'Taken by leads that had not ended.' }),
    duration: Type.Optional(Type.Integer()),
    duration_units: Type.Optional(Type.String()),
    frees_at: nullable(TIME, { description: 'null: never, because the cap takes no leads, or not so much.' }),
    time_zone: Type.String(),
  },
  { ...CLOSED, $id: 'ExplainedCap' },
);

const RULES = Type.Array(RULE);

export const PHASE = Type.Object(
  {
    phase: Type.String({ description: 'The table of phases in ARCHITECTURE.md has the names.' }),
    verdict: Type.Enum(['passed', 'stopped', 'not reached']),
    rules: Type.Optional(RULES),
    cap: Type.Optional(nullable(CAP)),
  },
  { $id: 'ExplainedPhase', description: 'What a phase decided; what it found besides depends on the phase.' },
);

const LATER_ATTEMPT = Type.Object(
  {
    event_id: Type.String(),
    verdict: Type.String(),
    reason: nullable(Type.String()),
    attempt: nullable(Type.Integer()),
    resolution: nullable(Type.String()),
    unknown: Type.Boolean(),
    sale_price: Type.Number(),
    at: TIME,
  },
  CLOSED,
);

/** What a recipient of an auction was ready to pay. */
const BID = Type.Object(
  {
    from: Type.Enum(['asked', 'standing', 'ping']),
    price: nullable(Type.Number(), { description: 'Dollars; null: it did not bid.' }),
    ms: Type.Number(),
    fault: nullable(Type.String(), { description: 'Why it did not bid.' }),
    reason: nullable(Type.String(), { description: 'What the recipient said itself.' }),
    short_by: nullable(Type.Number(), { description: 'How much it is below the minimum price or the margin.' }),
    lost_to: nullable(Type.Number(), { description: 'The best bid that the lead was sold at instead.' }),
  },
  CLOSED,
);

/** What a distribution made of one of its recipients. */
const OFFER = Type.Object(
  {
    step_id: Type.String({ description: 'The distribution.' }),
    verdict: Type.String({
      description:
        'accepted, unknown, refused, failed or skipped of an offer; else why there was none: criteria, hours, cap, disabled or not reached; of a bid no bid, late, minimum, margin or outbid.',
    }),
    place: nullable(Type.Integer(), {
      description: 'Among the offers of this lead, from 1; null: it was offered nothing.',
    }),
    by_turn: Type.Boolean({ description: 'It was its turn.' }),
    cap: nullable(CAP),
    bid: Type.Optional(BID),
  },
  CLOSED,
);

export const STEP = Type.Object(
  {
    path: Type.String({ description: '`steps.0`, `steps.0.recipients.1`, `destinations.0`' }),
    step_id: Type.String(),
    type: Type.Enum(['recipient', 'filter']),
    description: Type.Optional(Type.String()),
    recipient: Type.Optional(Type.Object({ id: Type.String(), name: Type.String() }, CLOSED)),
    event_id: nullable(Type.String(), { description: 'null: the step did not run.' }),
    verdict: Type.String({ description: 'The outcome of its event, `not reached` or `disabled`.' }),
    reason: nullable(Type.String()),
    distribution: Type.Optional(OFFER),
    rules: Type.Optional(RULES),
    cap: Type.Optional(nullable(CAP)),
    retries: Type.Optional(Type.Array(LATER_ATTEMPT)),
  },
  { ...CLOSED, $id: 'ExplainedStep' },
);

/** Of the `explanation` of an event: phases on a source's, rules and a cap on a step's. */
export const EVENT_EXPLANATION = Type.Object(
  { phases: Type.Optional(Type.Array(PHASE)), rules: Type.Optional(RULES), cap: Type.Optional(nullable(CAP)) },
  { ...CLOSED, $id: 'EventExplanation' },
);

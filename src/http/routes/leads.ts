import { Type } from 'typebox';
import { LEAD_OUTCOMES } from '../../model/outcome.ts';
import { LEAD_PARAMETERS } from '../event-question.ts';
import { explainLead, listLeads, readLead, resubmit, revealLead } from '../handlers/leads.ts';
import { about, oneOf } from '../parameters.ts';
import { idInPath } from '../read-path-parameters.ts';
import { RESUBMISSION } from '../read-resubmission.ts';
import { route } from '../route.ts';
import { CLOSED, ID, NAMED, nullable, open, TIME } from '../schemas.ts';
import { EVENT } from './events.ts';
import { PHASE, RULE_TREE, STEP } from './explanation-schemas.ts';
import { JOB } from './jobs.ts';

const OUTCOME = Type.Enum([...LEAD_OUTCOMES]);
const MONEY = Type.Number({ description: 'Dollars.' });

const FACTS = {
  id: ID,
  flow: NAMED,
  source: NAMED,
  revision: Type.Integer({ description: 'Of the flow, when the lead ran.' }),
  outcome: OUTCOME,
  reason: nullable(Type.String()),
  price: MONEY,
  submitted_at: TIME,
  resubmitted_as: Type.Optional(ID),
};

const EXPLANATION = {
  phases: Type.Array(PHASE),
  steps: Type.Array(STEP),
};

const LEAD_FACTS = Type.Partial(Type.Object(FACTS, CLOSED), { $id: 'LeadFacts' });

const LEAD_MONEY = Type.Object(
  {
    cost: MONEY,
    revenue: MONEY,
    profit: Type.Number({ description: 'Dollars; less than 0 for a loss.' }),
    entries: Type.Array(
      Type.Object(
        {
          kind: Type.Enum(['cost', 'revenue']),
          amount: Type.Number({ description: 'Dollars; less than 0 for what was taken back.' }),
          reason: Type.Enum(['lead', 'delivery', 'return']),
          event_id: nullable(ID),
          source_id: Type.String(),
          recipient_id: nullable(Type.String()),
        },
        CLOSED,
      ),
      { description: 'What these sums are made of, in order. Entries are added, never changed.' },
    ),
  },
  { ...CLOSED, $id: 'LeadMoney' },
);

export const LEAD = Type.Object(
  {
    ...FACTS,
    vars: Type.Optional(open('The variables when the lead came in.')),
    events: Type.Array(EVENT),
    explanation: Type.Object(EXPLANATION, CLOSED),
    money: LEAD_MONEY,
  },
  { ...CLOSED, $id: 'Lead' },
);

const DECISION = Type.Object(
  {
    phase: Type.String(),
    path: nullable(Type.String({ description: 'In the Flow document: `caps`, `steps.1`.' })),
    id: nullable(Type.String({ description: 'Of what stands there.' })),
  },
  CLOSED,
);

const EXPLAINED = Type.Object(
  {
    id: ID,
    flow: NAMED,
    source: NAMED,
    revision: Type.Integer(),
    submitted_at: TIME,
    answer: Type.Object(
      {
        outcome: OUTCOME,
        reason: nullable(Type.String()),
        price: MONEY,
        status: nullable(Type.Integer()),
        decided_by: nullable(DECISION, {
          description: 'What stopped the lead; null: nothing did, or it is not known.',
        }),
      },
      CLOSED,
    ),
    ...EXPLANATION,
    files: Type.Optional(
      Type.Array(
        Type.Object(
          {
            event_id: Type.String({ description: 'The delivery that added the row.' }),
            batch_id: Type.String(),
            file_id: Type.String(),
            name: Type.String(),
            state: Type.Enum(['waiting', 'delivered', 'failed']),
            delivered_at: nullable(TIME),
          },
          CLOSED,
        ),
        { description: 'Files of batches that have a row of the lead; absent: none has.' },
      ),
    ),
    rule_sets: Type.Array(RULE_TREE, {
      description: 'Every rule set that was asked, with the rules of it that were not.',
    }),
    would_change: Type.Array(Type.String(), {
      description: 'What would have let the lead go on; empty: it went on, or that is not known.',
    }),
    summary: Type.String({ description: 'Why the lead ended as it did, in one sentence.' }),
    sentences: Type.Array(Type.String()),
  },
  { ...CLOSED, $id: 'LeadExplanation' },
);

const RESUBMITTED = Type.Object(
  {
    preview: Type.Boolean(),
    note: Type.Optional(Type.String()),
    counts: Type.Record(Type.String(), Type.Integer()),
    leads: Type.Array(
      Type.Object(
        { lead_id: ID, outcome: nullable(Type.String()), reason: nullable(Type.String()) },
        { description: 'Of a preview: what would become of the lead. Otherwise: what became of it.' },
      ),
    ),
    remaining: Type.Array(ID, { description: 'Not begun: ask again with these.' }),
    missing: Type.Array(ID),
    scan_truncated_at: Type.Optional(ID),
  },
  { ...CLOSED, $id: 'ResubmissionResult' },
);

const RESUBMITTING = Type.Object(
  { job: JOB, scan_truncated_at: Type.Optional(ID) },
  { ...CLOSED, $id: 'ResubmissionJob' },
);

const REVEALED = Type.Object({ lead: LEAD, explanation: EXPLAINED }, { ...CLOSED, $id: 'RevealedLead' });

/** For who may see the values and does not want them in the answer, such as a page that others look at. */
const query = {
  values: about('`hidden`: without the values of the lead, also for a caller that may see them.', oneOf(['hidden'])),
};

const params = { id: idInPath('The id of the lead.') };

export const LEAD_ROUTES = [
  route({
    name: 'listLeads',
    method: 'GET',
    path: '/leads',
    permission: 'leads.read',
    query: LEAD_PARAMETERS,
    takesTurns: true,
    answers: { 200: Type.Array(LEAD_FACTS), 400: 'malformed_query' },
    doc: { summary: 'A page of leads without their events.' },
    handler: listLeads,
  }),
  route({
    name: 'resubmitLeads',
    method: 'POST',
    path: '/leads/resubmit',
    permission: 'leads.resubmit',
    body: RESUBMISSION,
    answers: { 200: RESUBMITTED, 202: RESUBMITTING, 409: 'conflict', 422: 'invalid_document' },
    doc: {
      summary:
        'Sends failed leads through their flows again, each as a new lead; previews what would be sent unless `preview` is false.',
      description: 'With `as_job` a [job](../guides/jobs.md) sends them, and the answer is 202 with it.',
      example: { body: { query: { flow_id: '5fd4371e940df5a34a3888b2', outcome: 'error' }, preview: true } },
    },
    handler: resubmit,
  }),
  route({
    name: 'readLead',
    method: 'GET',
    path: '/leads/:id',
    permission: 'leads.read',
    params,
    query,
    answers: { 200: LEAD, 404: 'not_found' },
    doc: { summary: 'One lead with its events and why each step decided as it did.' },
    handler: readLead,
  }),
  route({
    name: 'explainLead',
    method: 'GET',
    path: '/leads/:id/explain',
    permission: 'leads.read',
    params,
    query,
    answers: { 200: EXPLAINED, 404: 'not_found' },
    answerTypes: ['application/json', 'text/plain'],
    doc: {
      summary:
        'Why a lead ended as it did: each phase and step with its rules, the answer, and plain sentences; only those with `Accept: text/plain`.',
    },
    handler: explainLead,
  }),
  route({
    name: 'revealLead',
    method: 'POST',
    path: '/leads/:id/reveal',
    permission: 'leads.read',
    takesNoBody: true,
    params,
    answers: { 200: REVEALED, 404: 'not_found' },
    doc: {
      summary:
        'A lead and its explanation with its values, for a person who looks at it; the activity log has who did.',
    },
    handler: revealLead,
  }),
] as const;

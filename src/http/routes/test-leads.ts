import { Type } from 'typebox';
import { TEST_LEAD_BYTES_MAX, TEST_LEAD_NAME_CHARACTERS_MAX, TEST_LEADS_MAX } from '../../drafts/test-lead.ts';
import { DOLLARS_MAX } from '../../model/money.ts';
import { LEAD_OUTCOMES } from '../../model/outcome.ts';
import { SIMULATION } from '../../simulation/read-simulation.ts';
import {
  createTestLead,
  listTestLeads,
  removeTestLead,
  replaceTestLead,
  runTestLeads,
} from '../handlers/test-leads.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, FLOW_DOCUMENT, nullable, READ_ONLY, TIME } from '../schemas.ts';
import { ACTOR } from './activity.ts';
import { PHASE, STEP } from './explanation-schemas.ts';
import { FLOW_BYTES_MAX } from './flows.ts';

const REASON_CHARACTERS_MAX = 1_000;
const TIME_CHARACTERS_MAX = 64;
/** Beside the document. */
const RUN_BYTES_MAX = FLOW_BYTES_MAX + 16_384;

const OUTCOME = Type.Enum([...LEAD_OUTCOMES]);

const EXPECTED = Type.Object(
  {
    outcome: OUTCOME,
    reason: Type.Optional(Type.String({ maxLength: REASON_CHARACTERS_MAX, description: 'Absent: any.' })),
    price: Type.Optional(Type.Number({ minimum: 0, maximum: DOLLARS_MAX, description: 'Dollars; absent: any.' })),
  },
  { ...CLOSED, description: 'What the sender is to be answered.' },
);

const EXPLANATION = Type.Object({ phases: Type.Array(PHASE), steps: Type.Array(STEP) }, CLOSED);
const { lists, caps, answers, prices, random } = SIMULATION.properties;
const ASSUME = Type.Object(
  { lists, caps, answers, prices, random },
  {
    ...CLOSED,
    description:
      'What lists, caps, recipients and pricing services say, as for `POST /flows/{id}/evaluate`. Without it recipients accept, lists are empty and caps have room.',
  },
);

const NAME = Type.String({
  pattern: '\\S',
  maxLength: TEST_LEAD_NAME_CHARACTERS_MAX,
  says: `Must be a text of 1 to ${TEST_LEAD_NAME_CHARACTERS_MAX} characters.`,
});

const GIVEN = Type.Object(
  {
    id: READ_ONLY,
    name: NAME,
    source_id: Type.String({
      minLength: 1,
      maxLength: TIME_CHARACTERS_MAX,
      description: 'Of the source’s entity, or the source’s own.',
    }),
    values: Type.Record(Type.String(), Type.Unknown(), { description: 'What is submitted.' }),
    now: Type.Optional(
      nullable(Type.String({ maxLength: TIME_CHARACTERS_MAX }), {
        description: 'When it is submitted; null: when the test is run.',
      }),
    ),
    assume: Type.Optional(ASSUME),
    expected: EXPECTED,
    updated_at: READ_ONLY,
    user: READ_ONLY,
  },
  { ...CLOSED, $id: 'GivenTestLead' },
);

const TEST_LEAD = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    source_id: Type.String(),
    values: nullable(Type.Record(Type.String(), Type.Unknown()), {
      description:
        'null: hidden without `personal_data.read`, or sealed with a key that the server does not have any more.',
    }),
    now: nullable(Type.String()),
    assume: nullable(ASSUME),
    expected: nullable(EXPECTED),
    updated_at: TIME,
    user: ACTOR,
  },
  { ...CLOSED, $id: 'TestLead' },
);

/** What of a flow is run. */
export const WANTED_DOCUMENT = {
  document: Type.Optional(FLOW_DOCUMENT),
  revision: Type.Optional(
    Type.Unsafe<'draft' | 'saved' | 'deployed' | number>(
      Type.Union([Type.Enum(['draft', 'saved', 'deployed']), Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 })], {
        description:
          'What is run: the draft, what is saved or deployed, or a revision. Absent: the draft, and without one what is saved.',
        says: 'Must be draft, saved, deployed or the number of a revision.',
      }),
    ),
  ),
};

const RUN = Type.Object(
  {
    ...WANTED_DOCUMENT,
    ids: Type.Optional(
      Type.Array(Type.String({ maxLength: TIME_CHARACTERS_MAX }), {
        maxItems: TEST_LEADS_MAX,
        description: 'Only these; absent: all.',
      }),
    ),
  },
  { ...CLOSED, $id: 'TestLeadRun' },
);

const COUNT = Type.Integer();
const RESULTS = Type.Object(
  {
    passed: COUNT,
    failed: COUNT,
    results: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          name: Type.String(),
          passed: Type.Boolean(),
          expected: nullable(EXPECTED),
          got: nullable(
            Type.Object({ outcome: OUTCOME, reason: nullable(Type.String()), price: Type.Number() }, CLOSED),
            { description: 'null: it could not be run, see `problem`.' },
          ),
          problem: nullable(Type.String(), { description: 'Why it could not be run; null: it was.' }),
          explanation: nullable(EXPLANATION, {
            description: 'Of a test that was run and has not passed; null without `personal_data.read`, too.',
          }),
        },
        CLOSED,
      ),
      { description: 'By name.' },
    ),
  },
  { ...CLOSED, $id: 'TestLeadResults' },
);

const params = { id: idInPath('The id of the flow.') };
const ofOne = { ...params, test_id: idInPath('The id of the test lead.') };

const EXAMPLE_BODY = {
  name: 'A lead from Texas is sold',
  source_id: '5462c7fb745fb567baf2e093',
  values: { email: 'jdoe@example.com', state: 'TX' },
  expected: { outcome: 'success' as const },
};
const EXAMPLE = {
  id: '67c59a40eeeeeeeeeeeeeeee',
  ...EXAMPLE_BODY,
  now: null,
  assume: {},
  updated_at: '2025-03-03T12:00:00.000Z',
  user: { kind: 'session', id: '67c59a40dddddddddddddddd', name: 'ann@example.com' },
};

/** Test leads of flows (decision page 0108). */
export const TEST_LEAD_ROUTES = [
  route({
    name: 'listTestLeads',
    method: 'GET',
    path: '/flows/:id/test_leads',
    permission: 'flows.read',
    params,
    answers: { 200: Type.Array(TEST_LEAD), 404: 'not_found' },
    doc: {
      summary: 'The test leads of a flow, by name. Values are hidden without `personal_data.read`.',
      example: { answer: [EXAMPLE] },
    },
    handler: listTestLeads,
  }),
  route({
    name: 'createTestLead',
    method: 'POST',
    path: '/flows/:id/test_leads',
    permission: 'flows.write',
    params,
    body: GIVEN,
    bodyBytesMax: TEST_LEAD_BYTES_MAX,
    answers: { 201: TEST_LEAD, 404: 'not_found', 409: 'conflict', 422: 'invalid_document' },
    doc: {
      summary: `Saves one. A flow has at most ${TEST_LEADS_MAX}.`,
      description: 'Values are stored encrypted. Use made-up ones.',
      example: { body: EXAMPLE_BODY, answer: EXAMPLE },
    },
    handler: createTestLead,
  }),
  route({
    name: 'replaceTestLead',
    method: 'PUT',
    path: '/flows/:id/test_leads/:test_id',
    permission: 'flows.write',
    params: ofOne,
    body: GIVEN,
    bodyBytesMax: TEST_LEAD_BYTES_MAX,
    answers: { 200: TEST_LEAD, 404: 'not_found', 422: 'invalid_document' },
    doc: { summary: 'Replaces it.', example: { body: EXAMPLE_BODY, answer: EXAMPLE } },
    handler: replaceTestLead,
  }),
  route({
    name: 'removeTestLead',
    method: 'DELETE',
    path: '/flows/:id/test_leads/:test_id',
    permission: 'flows.write',
    params: ofOne,
    answers: { 200: TEST_LEAD, 404: 'not_found' },
    doc: { summary: 'Deletes it.', example: { answer: EXAMPLE } },
    handler: removeTestLead,
  }),
  route({
    name: 'runTestLeads',
    method: 'POST',
    path: '/flows/:id/test_leads/run',
    permission: 'flows.read',
    params,
    body: RUN,
    hasOptionalBody: true,
    bodyBytesMax: RUN_BYTES_MAX,
    answers: { 200: RESULTS, 404: 'not_found', 422: ['invalid_document', 'not_deployable'] },
    doc: {
      summary: 'What would become of each test lead, and whether that is what is expected. Writes and sends nothing.',
      example: { body: { revision: 'draft' } },
    },
    handler: runTestLeads,
  }),
] as const;

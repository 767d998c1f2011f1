import { Type } from 'typebox';
import { FLOW_OBJECTS } from '../../flows/flow-schema.ts';
import { readSourceMeta, testStep } from '../handlers/sources.ts';
import { idInPath, nameInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, NAMED, nullable, open, TIME } from '../schemas.ts';

const META = Type.Object(
  {
    enabled: Type.Boolean(),
    account: NAMED,
    flow: NAMED,
    source: Type.Object({ id: Type.String(), name: Type.String(), authentication_required: Type.Boolean() }, CLOSED),
    params: Type.Array(
      Type.Object({
        name: Type.String(),
        label: Type.Optional(Type.String()),
        description: Type.Optional(Type.String()),
        type: Type.String(),
        required: Type.Enum(['yes', 'no']),
        examples: Type.Optional(Type.Array(Type.Unknown())),
      }),
      { description: 'What a sender may submit.' },
    ),
    pingable: Type.Boolean(),
    ping_enabled: Type.Boolean(),
    updated_at: TIME,
    authorized_account: Type.Boolean({
      description: 'Whether the caller belongs to the flow’s account. Only then the other properties are present.',
    }),
    hours_of_operation: Type.Optional(Type.Unknown()),
    acceptance_criteria: Type.Optional(Type.Unknown()),
    flow_acceptance_criteria: Type.Optional(Type.Unknown()),
    flow_pricing: Type.Optional(Type.Unknown()),
    flow_pricing_service: Type.Optional(Type.Unknown()),
    source_pricing: Type.Optional(Type.Unknown()),
    source_pricing_service: Type.Optional(Type.Unknown()),
  },
  { ...CLOSED, $id: 'SourceMeta' },
);

/** What a step of a flow may have, so that one can be sent as it was read; other names are misspelt, as in flows. */
function namesOf(object: 'Step' | 'Integration' | 'Entity') {
  return Object.fromEntries(
    Object.keys(FLOW_OBJECTS[object].properties).map((name) => [name, Type.Optional(Type.Unknown())]),
  );
}

/** The data is mapped already, so mappings and criteria are accepted and not looked into. */
const TEST_STEP = Type.Object(
  {
    step_config: Type.Object(
      {
        ...namesOf('Step'),
        integration: Type.Object(
          {
            ...namesOf('Integration'),
            module_id: Type.String({ minLength: 1, says: 'Must be the id of an integration module.' }),
            mappings: Type.Optional(Type.Array(Type.Unknown())),
          },
          CLOSED,
        ),
        acceptance_criteria: Type.Optional(Type.Object({})),
        entity: Type.Optional(
          Type.Object(
            { ...namesOf('Entity'), time_zone: Type.Optional(Type.String({ description: 'Default: the account’s.' })) },
            CLOSED,
          ),
        ),
      },
      CLOSED,
    ),
    submission_data: Type.Record(Type.String(), Type.Unknown(), { description: 'Names may be dotted.' }),
  },
  { ...CLOSED, $id: 'StepTest' },
);

const TESTED = Type.Object(
  {
    outcome: Type.String(),
    reason: nullable(Type.String()),
    transactions: Type.Array(open('A request and its answer; secrets are masked.')),
  },
  { ...CLOSED, $id: 'TestedStep' },
);

const params = {
  flow_id: idInPath('The id of the flow.'),
  source_id: nameInPath('The id of the source’s entity (24 characters), or the source’s own (6).'),
};

export const SOURCE_ROUTES = [
  route({
    name: 'readSourceMeta',
    method: 'GET',
    path: '/flows/:flow_id/sources/:source_id/meta',
    permission: 'flows.read',
    params,
    answers: { 200: META, 404: 'not_found' },
    doc: { summary: 'What a sender must know to submit to a source.' },
    handler: readSourceMeta,
  }),
  route({
    name: 'testStep',
    method: 'POST',
    path: '/flows/:flow_id/sources/:source_id/test_step',
    permission: 'leads.test',
    params,
    body: TEST_STEP,
    answers: { 200: TESTED, 404: 'not_found', 422: 'invalid_document' },
    doc: {
      summary: 'Sends mapped data to an integration and returns the result; 404 without a body while it is off.',
      example: {
        body: {
          step_config: { integration: { module_id: 'leadconduit-custom.outbound.json' } },
          submission_data: { url: 'https://example.com/leads', 'json_property.email': 'jdoe@example.com' },
        },
      },
    },
    isOn: (deps) => deps.testStep !== null,
    handler: testStep,
  }),
] as const;

import { Type } from 'typebox';
import {
  createPricingService,
  listPricingServices,
  listPricingServiceUses,
  readPricingService,
  removePricingService,
  replacePricingService,
  rotatePricingServiceSecret,
  testPricingService,
} from '../handlers/pricing-services.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, nullable, READ_ONLY, TIME } from '../schemas.ts';

const NAME_CHARACTERS_MAX = 200;
const URL_CHARACTERS_MAX = 2_000;
const PATH_CHARACTERS_MAX = 200;
const VARIABLES_MAX = 100;

const GIVEN_SERVICE = Type.Object(
  {
    id: READ_ONLY,
    name: Type.String({
      pattern: '\\S',
      maxLength: NAME_CHARACTERS_MAX,
      says: `Must be a text of 1 to ${NAME_CHARACTERS_MAX} characters.`,
    }),
    url: Type.String({
      maxLength: URL_CHARACTERS_MAX,
      says: `Must be a URL of at most ${URL_CHARACTERS_MAX} characters.`,
      description: 'Where questions are posted to; a public address.',
    }),
    variables: Type.Array(
      Type.String({
        minLength: 1,
        maxLength: PATH_CHARACTERS_MAX,
        says: `Must be a path of 1 to ${PATH_CHARACTERS_MAX} characters.`,
      }),
      {
        maxItems: VARIABLES_MAX,
        says: `Must be a list of at most ${VARIABLES_MAX} paths.`,
        description: 'The variables it is sent, such as `lead.state`; masked fields are asterisks.',
      },
    ),
    credential_id: Type.Optional(
      nullable(Type.String({ maxLength: NAME_CHARACTERS_MAX }), {
        description:
          'The stored credential it is asked with: `user`, `token`, `oauth2` or `api_key`. null or absent: the signature alone.',
      }),
    ),
    created_at: READ_ONLY,
    updated_at: READ_ONLY,
    secret: READ_ONLY,
  },
  { ...CLOSED, $id: 'GivenPricingService' },
);

const PROPERTIES = {
  id: Type.String({ description: 'What flows and sources name it by.' }),
  name: Type.String(),
  url: Type.String(),
  variables: Type.Array(Type.String()),
  credential_id: nullable(Type.String(), {
    description: 'The credential it is asked with; null: the signature alone.',
  }),
  created_at: TIME,
  updated_at: TIME,
};
const SERVICE = Type.Object(PROPERTIES, { ...CLOSED, $id: 'PricingServiceOfAccount' });
const SECRET_SERVICE = Type.Object(
  {
    ...PROPERTIES,
    secret: Type.String({ description: 'The key questions are signed with. Only this answer has it.' }),
  },
  { ...CLOSED, $id: 'PricingServiceWithSecret' },
);

const TEST = Type.Object(
  {
    variables: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'Values by path. Paths that the service does not have are left out.',
      }),
    ),
  },
  { ...CLOSED, $id: 'PricingServiceTest' },
);
const TESTED = Type.Object(
  {
    price: nullable(Type.Number(), { description: 'Dollars; null: it gave none.' }),
    reason: nullable(Type.String(), { description: 'What the service said of it.' }),
    fault: nullable(Type.String(), { description: 'Why it gave no price.' }),
    ms: Type.Integer(),
    request: Type.String({ description: 'The body that was posted.' }),
    response: nullable(Type.Object({ status: Type.Integer(), body: Type.String() }, CLOSED), {
      description: 'The answer, cut to 16 384 characters; null: none came.',
    }),
  },
  { ...CLOSED, $id: 'TestedPricingService' },
);

const USING_FLOW = Type.Object(
  { id: Type.String(), name: Type.String() },
  { ...CLOSED, $id: 'FlowWithPricingService' },
);

const params = { id: idInPath('The id of the pricing service.') };
const EXAMPLE_BODY = {
  name: 'Rates',
  url: 'https://prices.example.com/lead',
  variables: ['lead.state', 'lead.postal_code'],
};
const EXAMPLE = {
  id: '67c59a40cccccccccccccccc',
  ...EXAMPLE_BODY,
  credential_id: null,
  created_at: '2025-03-03T12:00:00.000Z',
  updated_at: '2025-03-03T12:00:00.000Z',
};
const EXAMPLE_SECRET = { ...EXAMPLE, secret: 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=' };
const EXAMPLE_TEST = { variables: { 'lead.state': 'TX' } };
const EXAMPLE_TESTED = {
  price: 4.5,
  reason: 'Texas, weekday',
  fault: null,
  ms: 38,
  request:
    '{"type":"price.test","timestamp":"2025-03-03T12:00:00.000Z","data":{"lead_id":null,"flow":null,"source":null,"variables":{"lead.state":"TX","lead.postal_code":null}}}',
  response: { status: 200, body: '{"price":4.5,"reason":"Texas, weekday"}' },
};

/** External services that are asked what a lead costs (spec api 21, decision page 0072). */
export const PRICING_SERVICE_ROUTES = [
  route({
    name: 'listPricingServices',
    method: 'GET',
    path: '/pricing_services',
    permission: 'flows.read',
    answers: { 200: Type.Array(SERVICE) },
    doc: { summary: 'The pricing services of the account, by name.', example: { answer: [EXAMPLE] } },
    handler: listPricingServices,
  }),
  route({
    name: 'createPricingService',
    method: 'POST',
    path: '/pricing_services',
    permission: 'flows.write',
    body: GIVEN_SERVICE,
    answers: { 201: SECRET_SERVICE, 422: 'invalid_document' },
    doc: {
      summary: 'Makes one; only this answer has its `secret`.',
      example: { body: EXAMPLE_BODY, answer: EXAMPLE_SECRET },
    },
    handler: createPricingService,
  }),
  route({
    name: 'readPricingService',
    method: 'GET',
    path: '/pricing_services/:id',
    permission: 'flows.read',
    params,
    answers: { 200: SERVICE, 404: 'not_found' },
    doc: { summary: 'One of them.', example: { answer: EXAMPLE } },
    handler: readPricingService,
  }),
  route({
    name: 'replacePricingService',
    method: 'PUT',
    path: '/pricing_services/:id',
    permission: 'flows.write',
    params,
    body: GIVEN_SERVICE,
    answers: { 200: SERVICE, 404: 'not_found', 422: 'invalid_document' },
    doc: {
      summary: 'Replaces it; flows follow at once, and the secret stays.',
      example: { body: EXAMPLE_BODY, answer: EXAMPLE },
    },
    handler: replacePricingService,
  }),
  route({
    name: 'removePricingService',
    method: 'DELETE',
    path: '/pricing_services/:id',
    permission: 'flows.write',
    params,
    answers: { 200: SERVICE, 404: 'not_found', 409: 'conflict' },
    doc: {
      summary: 'Deletes it, unless a flow names it, as saved or as it runs.',
      example: { answer: EXAMPLE },
    },
    handler: removePricingService,
  }),
  route({
    name: 'listPricingServiceUses',
    method: 'GET',
    path: '/pricing_services/:id/uses',
    permission: 'flows.read',
    params,
    answers: { 200: Type.Array(USING_FLOW), 404: 'not_found' },
    doc: {
      summary: 'The flows that name it, as saved or as they run; while there are any it is not deleted.',
      example: { answer: [{ id: '5fd0c0de00000000000000aa', name: 'Mortgage leads' }] },
    },
    handler: listPricingServiceUses,
  }),
  route({
    name: 'rotatePricingServiceSecret',
    method: 'POST',
    path: '/pricing_services/:id/rotate_secret',
    permission: 'credentials.manage',
    params,
    takesNoBody: true,
    answers: { 200: SECRET_SERVICE, 404: 'not_found' },
    doc: {
      summary: 'Gives it a new `secret`, which only this answer has.',
      description: 'Questions are signed with it from now on.',
      example: { answer: EXAMPLE_SECRET },
    },
    handler: rotatePricingServiceSecret,
  }),
  route({
    name: 'testPricingService',
    method: 'POST',
    path: '/pricing_services/:id/test',
    permission: 'leads.test',
    params,
    body: TEST,
    answers: { 200: TESTED, 404: 'not_found' },
    doc: {
      summary: 'Asks it once, of no lead, and says what it answered.',
      description: 'The question is signed as those of leads are; its `type` is `price.test`, and no lead is stored.',
      example: { body: EXAMPLE_TEST, answer: EXAMPLE_TESTED },
    },
    handler: testPricingService,
  }),
] as const;

import { Type } from 'typebox';
import { changeAccount, readAccount } from '../handlers/account.ts';
import { route } from '../route.ts';
import { CLOSED, READ_ONLY } from '../schemas.ts';

const NAME_CHARACTERS_MAX = 200;
const DAYS_MAX = 3_650;

const ACCOUNT = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    time_zone: Type.String({ description: 'IANA zone: where days begin, for caps, hours and reports.' }),
    data_retention_in_days: Type.Integer(),
    lead_ping_enabled: Type.Boolean({
      description: 'Whether flows with `ping_enabled` answer pings; false: none of the account does.',
    }),
  },
  { ...CLOSED, $id: 'Account' },
);

const CHANGED_ACCOUNT = Type.Object(
  {
    id: READ_ONLY,
    name: Type.Optional(
      Type.String({
        pattern: '\\S',
        maxLength: NAME_CHARACTERS_MAX,
        says: `Must be a text of 1 to ${NAME_CHARACTERS_MAX} characters.`,
      }),
    ),
    time_zone: Type.Optional(Type.String()),
    data_retention_in_days: Type.Optional(Type.Integer({ minimum: 1, maximum: DAYS_MAX })),
    lead_ping_enabled: Type.Optional(Type.Boolean()),
  },
  {
    ...CLOSED,
    minProperties: 1,
    says: 'Must have name, time_zone, data_retention_in_days or lead_ping_enabled.',
    $id: 'ChangedAccount',
  },
);

const answer = {
  id: '65f0c0de0123456789abcd00',
  name: 'Acme',
  time_zone: 'America/Chicago',
  data_retention_in_days: 90,
  lead_ping_enabled: true,
};

/** The account of the caller (spec api 14). */
export const ACCOUNT_ROUTES = [
  route({
    name: 'readAccount',
    method: 'GET',
    path: '/account',
    permission: 'flows.read',
    answers: { 200: ACCOUNT },
    doc: { summary: 'The account.', example: { answer } },
    handler: readAccount,
  }),
  route({
    name: 'changeAccount',
    method: 'PUT',
    path: '/account',
    permission: 'account.manage',
    body: CHANGED_ACCOUNT,
    answers: { 200: ACCOUNT, 422: 'invalid_document' },
    doc: {
      summary: 'Changes the account; what is left out stays.',
      example: { body: { time_zone: 'America/Chicago' }, answer },
    },
    handler: changeAccount,
  }),
] as const;

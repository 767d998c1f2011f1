import { Type } from 'typebox';
import { PERIOD_DAYS_MAX, PERIOD_DAYS_MIN, PERSONALS } from '../../keeping/periods.ts';
import { changeAccount, listPeriods, readAccount } from '../handlers/account.ts';
import { route } from '../route.ts';
import { CLOSED, nullable, READ_ONLY, TIME } from '../schemas.ts';

const NAME_CHARACTERS_MAX = 200;

const ACCOUNT = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    time_zone: Type.String({ description: 'IANA zone: where days begin, for caps, hours and reports.' }),
    data_retention_in_days: Type.Integer({ description: 'Days that values of people are kept.' }),
    facts_retention_in_days: Type.Integer({
      description: 'Days that leads and events are kept: outcomes, prices and times, without values of people.',
    }),
    data_truncated_at: nullable(TIME, {
      description: 'Leads that were submitted before have no values of people any more; null: nothing was deleted yet.',
    }),
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
    data_retention_in_days: Type.Optional(
      Type.Integer({ minimum: PERIOD_DAYS_MIN, maximum: PERIOD_DAYS_MAX, description: 'Of values of people.' }),
    ),
    facts_retention_in_days: Type.Optional(
      nullable(Type.Integer({ minimum: PERIOD_DAYS_MIN, maximum: PERIOD_DAYS_MAX }), {
        description: 'Of leads and events; at least `data_retention_in_days`. null: the same, also when that changes.',
      }),
    ),
    data_truncated_at: READ_ONLY,
    lead_ping_enabled: Type.Optional(Type.Boolean()),
  },
  {
    ...CLOSED,
    minProperties: 1,
    says: 'Must have name, time_zone, data_retention_in_days, facts_retention_in_days or lead_ping_enabled.',
    $id: 'ChangedAccount',
  },
);

const PERIOD = Type.Object(
  {
    what: Type.String(),
    tables: Type.Array(Type.String(), { description: 'Tables of the database.' }),
    values_of_people: Type.Enum([...PERSONALS], {
      description: '`reasons`: in texts that may quote one; `keyed`: keyed hashes alone.',
    }),
    kept: Type.String({ description: 'How long, with the days of this account: in words.' }),
    deleted_by: nullable(Type.String(), { description: 'The job that deletes it; null: none does.' }),
  },
  { ...CLOSED, $id: 'KeptPeriod' },
);

const answer = {
  id: '65f0c0de0123456789abcd00',
  name: 'Acme',
  time_zone: 'America/Chicago',
  data_retention_in_days: 90,
  facts_retention_in_days: 730,
  data_truncated_at: '2024-12-03T12:00:00.000Z',
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
  route({
    name: 'listPeriods',
    method: 'GET',
    path: '/account/retention',
    permission: 'flows.read',
    answers: { 200: Type.Array(PERIOD) },
    doc: {
      summary: 'What is kept for how long: all of the database, with the periods of the account.',
      example: {
        answer: [
          {
            what: 'Values of leads, requests and answers',
            tables: ['lead_data'],
            values_of_people: 'yes',
            kept: '90 days after the lead',
            deleted_by: 'retention',
          },
        ],
      },
    },
    handler: listPeriods,
  }),
] as const;

import { Type } from 'typebox';
import { RETRY_STATUSES } from '../../retries/retry.ts';
import { cancelRetry, listRetries, readRetry, runRetry } from '../handlers/retries.ts';
import { buildPageParameters } from '../paging.ts';
import { about, idList, listOf } from '../parameters.ts';
import { idInPath } from '../read-path-parameters.ts';
import { route } from '../route.ts';
import { CLOSED, nullable, TIME } from '../schemas.ts';

const PROPERTIES = {
  id: Type.String(),
  status: Type.Enum([...RETRY_STATUSES]),
  attempts: Type.Integer({ description: 'Made after the first delivery.' }),
  next_attempt_at: nullable(TIME, { description: 'null: none is to come.' }),
  last_outcome: Type.String(),
  last_reason: nullable(Type.String()),
  lead_id: Type.String(),
  event_id: Type.String({ description: 'Of the delivery that failed first.' }),
  flow_id: Type.String(),
  source_id: Type.String(),
  step_id: Type.String(),
  recipient_id: Type.String(),
  created_at: TIME,
  updated_at: TIME,
};

const RETRY = Type.Object(PROPERTIES, { ...CLOSED, $id: 'Retry' });
/** `include` and `exclude` pick. */
const LISTED_RETRY = Type.Partial(Type.Object(PROPERTIES), { ...CLOSED, $id: 'ListedRetry' });

const params = { id: idInPath('The id of the retry.') };

const EXAMPLE = {
  id: '67c59a40aaaaaaaaaaaaaaaa',
  status: 'waiting',
  attempts: 1,
  next_attempt_at: '2025-03-03T12:05:00.000Z',
  last_outcome: 'error',
  last_reason: 'The recipient did not answer',
  lead_id: '67c59a3eaaaaaaaaaaaaaaab',
  event_id: '67c59a3faaaaaaaaaaaaaaac',
  flow_id: '5fd0c0de0000000000000001',
  source_id: '5fd0c0de0000000000000011',
  step_id: '1aacd0',
  recipient_id: '5fd0c0de0000000000000021',
  created_at: '2025-03-03T12:00:00.000Z',
  updated_at: '2025-03-03T12:01:00.000Z',
};

/** Deliveries that failed and are tried again (decision 25). */
export const RETRY_ROUTES = [
  route({
    name: 'listRetries',
    method: 'GET',
    path: '/retries',
    permission: 'leads.read',
    query: {
      ...buildPageParameters(Object.keys(PROPERTIES)),
      status: about('Only retries that are this.', listOf(RETRY_STATUSES)),
      recipient_id: about('Only deliveries to these recipients.', idList()),
      lead_id: about('Only deliveries of these leads.', idList()),
    },
    answers: { 200: Type.Array(LISTED_RETRY) },
    doc: {
      summary:
        'A page of deliveries that are tried again or were; `status`, `flow_id`, `recipient_id`, `lead_id` pick.',
      example: { answer: [EXAMPLE] },
    },
    handler: listRetries,
  }),
  route({
    name: 'readRetry',
    method: 'GET',
    path: '/retries/:id',
    permission: 'leads.read',
    params,
    answers: { 200: RETRY, 404: 'not_found' },
    doc: { summary: 'One of them.', example: { answer: EXAMPLE } },
    handler: readRetry,
  }),
  route({
    name: 'runRetry',
    method: 'POST',
    path: '/retries/:id/run',
    permission: 'leads.resubmit',
    params,
    takesNoBody: true,
    answers: { 202: RETRY, 404: 'not_found', 409: 'conflict' },
    doc: {
      summary: 'Makes its next attempt due now; one that has ended goes on.',
      description:
        'Refused while an attempt is under way, after the lead was delivered or sent again, and where its value or its place in a cap was taken since.',
      example: { answer: EXAMPLE },
    },
    handler: runRetry,
  }),
  route({
    name: 'cancelRetry',
    method: 'POST',
    path: '/retries/:id/cancel',
    permission: 'leads.resubmit',
    params,
    takesNoBody: true,
    answers: { 200: RETRY, 404: 'not_found', 409: 'conflict' },
    doc: {
      summary: 'No further attempt is made.',
      example: { answer: { ...EXAMPLE, status: 'cancelled', next_attempt_at: null } },
    },
    handler: cancelRetry,
  }),
] as const;

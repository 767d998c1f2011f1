import { Type } from 'typebox';
import { CHANNEL_SERVICES } from '../../model/channel.ts';
import { PUT_FAULT_KINDS } from '../../object-stores/object-store.ts';
import { listFirehoseStates, recoverFirehose, verifyFirehose } from '../handlers/firehose.ts';
import { about, id, oneOf, text } from '../parameters.ts';
import { route } from '../route.ts';
import { CLOSED, ID, nullable } from '../schemas.ts';
import { channelState } from './channel-state.ts';

const TEXT_CHARACTERS_MAX = 1_000;

const SERVICE = Type.Enum([...CHANNEL_SERVICES]);
const FAULT = Type.Object(
  {
    kind: Type.Enum([...PUT_FAULT_KINDS], {
      description:
        '`unreachable`: nothing was sent; `slow`: no answer in time; `broken`: the connection ended; `auth`: the credential; `missing`: the bucket or its region; `full`: no more at this rate, or at all; `unavailable`: a fault of the service; `object`: this object alone.',
    }),
    reason: Type.String(),
  },
  { ...CLOSED, $id: 'BucketFault' },
);

const VERIFICATION = Type.Object(
  {
    verified: Type.Boolean({ description: 'Every one of them was.' }),
    services: Type.Array(
      Type.Object(
        {
          service: SERVICE,
          bucket: Type.String(),
          prefix: Type.String(),
          verified: Type.Boolean(),
          file: nullable(Type.String(), { description: 'The file that was written; null: none was.' }),
          fault: nullable(FAULT),
        },
        CLOSED,
      ),
    ),
  },
  { ...CLOSED, $id: 'FirehoseVerification' },
);

const STATE = Type.Object(
  {
    flow_id: Type.String(),
    service: SERVICE,
    enabled: Type.Boolean({ description: 'In the deployed flow; what waits is sent in either case.' }),
    bucket: Type.String(),
    prefix: Type.String(),
    credential_id: nullable(Type.String()),
    state: Type.Enum(['idle', 'sending', 'failing']),
    ...channelState({
      ...{ kind: FAULT.properties.kind, fault: FAULT, waiting: 'Rows that wait' },
      setAside: 'Rows that were refused for what they are; POST /firehose/recover sends them.',
    }),
  },
  { ...CLOSED, $id: 'FirehoseState' },
);

const RECOVERY = Type.Object(
  {
    flow_id: ID,
    service: Type.Optional(SERVICE),
    since: Type.Optional(
      Type.String({ maxLength: 40, description: 'Only what was set aside from then on, ISO 8601; without it all.' }),
    ),
  },
  { ...CLOSED, $id: 'FirehoseRecovery' },
);

const FLOW_ID = '5fd4371e940df5a34a3888b2';

const EXAMPLE_STATE = {
  flow_id: FLOW_ID,
  service: 'aws',
  enabled: true,
  bucket: 'acme-leads',
  prefix: 'events',
  credential_id: '5fd4371e940df5a34a3888c3',
  state: 'failing',
  waiting: 1_204,
  waiting_more: false,
  waiting_since: '2025-03-03T12:00:00.000Z',
  set_aside: 0,
  set_aside_reason: null,
  delivered: 88_213,
  delivered_at: '2025-03-03T11:59:59.000Z',
  failing_since: '2025-03-03T12:00:01.000Z',
  fault: {
    kind: 'full',
    reason:
      'acme-leads.s3.us-east-1.amazonaws.com takes no more objects for "acme-leads" at the moment (SlowDown, status 503)',
  },
  attempts: 3,
  next_attempt_at: '2025-03-03T12:00:09.000Z',
  faults: [
    {
      kind: 'full',
      reason:
        'acme-leads.s3.us-east-1.amazonaws.com takes no more objects for "acme-leads" at the moment (SlowDown, status 503)',
      began_at: '2025-03-03T12:00:01.000Z',
      ended_at: null,
    },
  ],
};

/** Events of flows in buckets (spec behaviour 15, decision page 0083). */
export const FIREHOSE_ROUTES = [
  route({
    name: 'verifyFirehose',
    method: 'GET',
    path: '/firehose',
    permission: 'credentials.manage',
    query: {
      flow_id: about('The flow whose firehose is tried, as it is saved; without it the rest describes a bucket.', id()),
      service: about(
        'Of a flow that has two: only this one. Without a flow `aws` if nothing is said.',
        oneOf(CHANNEL_SERVICES),
      ),
      credential_id: about('In the place of that of the flow.', id()),
      bucket: about(
        'In the place of that of the flow; of Azure the container.',
        text({ charactersMax: TEXT_CHARACTERS_MAX }),
      ),
      prefix: about('In the place of that of the flow.', text({ charactersMax: TEXT_CHARACTERS_MAX })),
      verification_file: about('`false`: asks for the bucket and writes nothing.', oneOf(['true', 'false'])),
    },
    answers: { 200: VERIFICATION, 400: 'malformed_query', 404: 'not_found' },
    doc: {
      summary: 'Tries the buckets of a firehose: opens them with their credentials and writes a file.',
      description:
        'The file is `leadconduit_verification_[flow id_]<time>.txt` below the prefix. With `verification_file=false` only the bucket is asked for, which needs a permission to list and does not show that writing is allowed.',
      example: {
        answer: {
          verified: true,
          services: [
            {
              service: 'aws',
              bucket: 'acme-leads',
              prefix: 'events',
              verified: true,
              file: `events/leadconduit_verification_${FLOW_ID}_20250303120000000.txt`,
              fault: null,
            },
          ],
        },
      },
    },
    handler: verifyFirehose,
  }),
  route({
    name: 'listFirehoseStates',
    method: 'GET',
    path: '/firehose/state',
    permission: 'flows.read',
    query: { flow_id: about('Only of this flow.', id()) },
    answers: { 200: Type.Array(STATE), 400: 'malformed_query' },
    doc: {
      summary: 'What waits for each bucket, what has arrived, and why it takes nothing.',
      example: { answer: [EXAMPLE_STATE] },
    },
    handler: listFirehoseStates,
  }),
  route({
    name: 'recoverFirehose',
    method: 'POST',
    path: '/firehose/recover',
    permission: 'leads.resubmit',
    body: RECOVERY,
    answers: {
      200: Type.Object({ recovered: Type.Integer({ description: 'Rows.' }) }, { ...CLOSED, $id: 'FirehoseRecovered' }),
      404: 'not_found',
      422: 'invalid_document',
    },
    doc: {
      summary: 'Sends again what was set aside, and tries buckets that fail at once.',
      example: { body: { flow_id: FLOW_ID, service: 'aws' }, answer: { recovered: 12 } },
    },
    handler: recoverFirehose,
  }),
] as const;

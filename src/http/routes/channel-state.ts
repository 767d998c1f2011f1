import { type TSchema, Type } from 'typebox';
import { FAULTS_KEPT_MAX, WAITING_COUNTED_MAX } from '../../outbox/channel.ts';
import { CLOSED, nullable, TIME } from '../schemas.ts';

/** What waits for a channel of events and why, as `GET /firehose/state` and `GET /webhooks/{id}/state` answer it. */
export function channelState<Kind extends TSchema, Fault extends TSchema>(of: {
  kind: Kind;
  fault: Fault;
  /** What is counted, before the colon. */
  waiting: string;
  setAside: string;
}) {
  return {
    waiting: Type.Integer({
      description: `${of.waiting}: one for each lead, and one for each later event; counted up to ${WAITING_COUNTED_MAX}.`,
    }),
    waiting_more: Type.Boolean({ description: 'More wait than are counted.' }),
    waiting_since: nullable(TIME, { description: 'The oldest of those that were counted.' }),
    set_aside: Type.Integer({ description: of.setAside }),
    set_aside_reason: nullable(Type.String(), { description: 'Of the last of them.' }),
    delivered: Type.Integer({ description: 'Events in all.' }),
    delivered_at: nullable(TIME),
    failing_since: nullable(TIME),
    fault: nullable(of.fault),
    attempts: Type.Integer({ description: 'Failed ones in a row.' }),
    next_attempt_at: nullable(TIME),
    faults: Type.Array(
      Type.Object(
        {
          kind: of.kind,
          reason: Type.String(),
          began_at: nullable(TIME),
          ended_at: nullable(TIME, { description: 'null: it fails still.' }),
        },
        CLOSED,
      ),
      { description: `The last ${FAULTS_KEPT_MAX} times that it failed, newest first.` },
    ),
  };
}

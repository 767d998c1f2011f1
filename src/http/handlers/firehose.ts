import type { Principal } from '../../access/principal.ts';
import type { FirehoseDeps, FirehosePlace } from '../../firehose/open-firehose.ts';
import { type Verification, verifyFirehose as verify } from '../../firehose/verify-firehose.ts';
import type { FlowStore } from '../../flows/flow-store.ts';
import { listFirehoseTargets } from '../../flows/read-firehose.ts';
import type { Clock } from '../../lib/clock.ts';
import type { ChannelService, ChannelSettings } from '../../model/channel.ts';
import type { ChannelProgress, ChannelState } from '../../outbox/channel.ts';
import type { ChannelStore } from '../../outbox/outbox-store.ts';
import { type ApiResult, answer } from '../api.ts';
import { malformedQuery } from '../parameters.ts';
import { invalidDocument } from '../read-body.ts';
import { UNKNOWN_FLOW } from './flows.ts';

export interface FirehoseApiDeps {
  flows: FlowStore;
  channels: ChannelStore;
  firehose: FirehoseDeps;
  clock: Pick<Clock, 'now'>;
}

export interface AskedVerification {
  flow_id: string | undefined;
  service: ChannelService | undefined;
  credential_id: string | undefined;
  bucket: string | undefined;
  prefix: string | undefined;
  verification_file: 'true' | 'false' | undefined;
}

interface Caller {
  principal: Principal;
}

/** `GET /firehose`: writes a file to the buckets of a flow as it is saved, or to one that the query describes. */
export async function verifyFirehose(
  { flows, firehose }: Pick<FirehoseApiDeps, 'flows' | 'firehose'>,
  { principal: { accountId }, query }: Caller & { query: AskedVerification },
): Promise<ApiResult> {
  const { flow_id: flowId } = query;
  const writesFile = query.verification_file !== 'false';
  let places: FirehosePlace[];
  if (flowId === undefined) {
    const missing = (['credential_id', 'bucket'] as const).filter((name) => query[name] === undefined);
    if (missing.length > 0)
      return malformedQuery(missing.map((path) => ({ path, message: 'Is needed without a flow_id.' })));
    places = [{ accountId, flowId: null, service: query.service ?? 'aws', settings: settingsOf(query, null) }];
  } else {
    const flow = await flows.find({ accountId, flowId });
    if (!flow) return UNKNOWN_FLOW;
    places = listFirehoseTargets(flow.document['firehose'])
      .filter(({ service }) => query.service === undefined || service === query.service)
      .map(({ service, settings }) => ({ accountId, flowId, service, settings: settingsOf(query, settings) }));
    if (places.length === 0) {
      return malformedQuery([{ path: 'flow_id', message: 'The saved flow has no such firehose.' }]);
    }
  }
  const verified = await Promise.all(places.map((place) => verify(firehose, { place, writesFile })));
  return answer(200, {
    verified: verified.every(({ fault }) => fault === null),
    services: verified.map(verificationAnswer),
  });
}

/** What the query says goes before what the flow has. */
function settingsOf({ credential_id: credentialId, bucket, prefix }: AskedVerification, saved: ChannelSettings | null) {
  return {
    bucket: bucket ?? saved?.bucket ?? '',
    prefix: (prefix ?? saved?.prefix ?? '').replace(/^\/+|\/+$/g, ''),
    credentialId: credentialId ?? saved?.credentialId ?? null,
    hasConnectionString: credentialId === undefined && (saved?.hasConnectionString ?? false),
  };
}

function verificationAnswer({ place, file, fault }: Verification) {
  const { service, settings } = place;
  return { service, bucket: settings.bucket, prefix: settings.prefix, verified: fault === null, file, fault };
}

/** `GET /firehose/state`: what waits, what arrived and what fails, by bucket. */
export async function listFirehoseStates(
  { channels }: Pick<FirehoseApiDeps, 'channels'>,
  { principal, query }: Caller & { query: { flow_id: string | undefined } },
): Promise<ApiResult> {
  const states = await channels.listStates(principal.accountId, query.flow_id ?? null);
  return answer(200, states.map(stateAnswer));
}

function stateAnswer(state: ChannelState) {
  const { flowId, service, settings } = state;
  return {
    ...{ flow_id: flowId, service, bucket: settings.bucket, prefix: settings.prefix },
    credential_id: settings.credentialId,
    ...progressAnswer(state),
  };
}

/** The same members for every channel. */
export function progressAnswer(state: ChannelProgress) {
  const { fault } = state;
  return {
    enabled: state.isActive,
    state: fault !== null ? 'failing' : state.waiting > 0 ? 'sending' : 'idle',
    waiting: state.waiting,
    waiting_more: state.isWaitingMore,
    waiting_since: timeOf(state.waitingSince),
    set_aside: state.failed,
    set_aside_reason: state.failedReason,
    delivered: state.delivered,
    delivered_at: timeOf(state.deliveredAt),
    failing_since: timeOf(state.failingSince),
    fault,
    attempts: state.attempts,
    next_attempt_at: timeOf(state.nextAttemptAt),
    faults: state.faults.map(({ kind, reason, beganAt, endedAt }) => ({
      ...{ kind, reason, began_at: timeOf(beganAt), ended_at: timeOf(endedAt) },
    })),
  };
}

function timeOf(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

/** `POST /firehose/recover`: sends again what was set aside, and tries a bucket that fails at once. */
export async function recoverFirehose(
  { flows, channels, clock }: Pick<FirehoseApiDeps, 'flows' | 'channels' | 'clock'>,
  { principal: { accountId }, body }: Caller & { body: { flow_id: string; service?: ChannelService; since?: string } },
): Promise<ApiResult> {
  const { flow_id: flowId, service = null, since } = body;
  const from = since === undefined ? 0 : Date.parse(since);
  if (Number.isNaN(from)) return invalidDocument([{ path: 'since', message: 'Must be an ISO 8601 time.' }]);
  const flow = await flows.find({ accountId, flowId });
  if (!flow) return UNKNOWN_FLOW;
  const request = { flowId, service, since: from, now: clock.now() };
  return answer(200, { recovered: await channels.recover(accountId, request) });
}

import { type FirehoseDeps, openFirehose } from '../firehose/open-firehose.ts';
import type { Log } from '../observe/log.ts';
import { createOutboxSender, type OutboxSender } from '../outbox/outbox-sender.ts';
import { readConnectionString } from '../store/postgres/flow-secrets.ts';
import { createOutboxStore } from '../store/postgres/outbox.ts';
import { kindOf } from './report-fault.ts';
import type { ServerParts } from './server-parts.ts';

/** What sends the events of this process. On the pool of the API: leads never wait for a bucket. */
export function buildOutboxSender(parts: ServerParts, log: Log): OutboxSender {
  const { pool, nodeId, findRevision, channels, clock, metrics } = parts;
  const firehose = buildFirehoseDeps(parts);
  return createOutboxSender({
    store: createOutboxStore({ pool, nodeId }),
    openSink: (channel) => openFirehose(firehose, channel),
    findRevision,
    clock,
    hasChannels: channels.hasAny,
    recordSent: metrics.recordSent,
    onChange: ({ channel: { flowId, service }, fault }) => {
      const fields = { flow_id: flowId, service };
      if (fault === null) log.info(fields, 'a bucket takes events again');
      else log.warn({ ...fields, fault: fault.kind, reason: fault.reason }, 'a bucket takes no events; they wait');
    },
    report: (error, channel) =>
      log.error(
        { flow_id: channel?.flowId, service: channel?.service, cause: kindOf(error) },
        'events could not be sent',
      ),
  });
}

export function buildFirehoseDeps({ pool, secretBox, credentialVault, httpClient, clock }: ServerParts): FirehoseDeps {
  return {
    vault: credentialVault,
    readConnectionString: (flow) => readConnectionString(pool, { ...flow, box: secretBox }),
    send: httpClient.sendBytes,
    clock,
  };
}

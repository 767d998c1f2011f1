import { type FirehoseDeps, openFirehose } from '../firehose/open-firehose.ts';
import { systemTools } from '../integrations/builtin-modules.ts';
import type { Log } from '../observe/log.ts';
import { createOutboxSender, type OutboxSender } from '../outbox/outbox-sender.ts';
import { readConnectionString } from '../store/postgres/flow-secrets.ts';
import { createOutboxStore } from '../store/postgres/outbox.ts';
import { createWebhookStore } from '../store/postgres/webhooks.ts';
import { openWebhook } from '../webhooks/open-webhook.ts';
import { kindOf } from './report-fault.ts';
import type { ServerParts } from './server-parts.ts';

/** What sends the events of this process. On the pool of the API: leads never wait for a bucket. */
export function buildOutboxSender(parts: ServerParts, log: Log): OutboxSender {
  const { pool, nodeId, findRevision, channels, clock, metrics, secretBox, httpClient } = parts;
  const firehose = buildFirehoseDeps(parts);
  const webhooks = createWebhookStore(pool, secretBox);
  const webhook = { webhooks, deliver: httpClient.deliver, tools: systemTools(clock) };
  return createOutboxSender({
    store: createOutboxStore({ pool, nodeId }),
    openSink: (channel) =>
      channel.service === 'webhook'
        ? openWebhook(webhook, { accountId: channel.accountId, webhookId: channel.id })
        : openFirehose(firehose, channel),
    findRevision,
    clock,
    hasChannels: channels.hasAny,
    recordSent: metrics.recordSent,
    onChange: ({ channel: { id, flowId, service }, fault }) => {
      const isWebhook = service === 'webhook';
      const fields = isWebhook ? { webhook_id: id } : { flow_id: flowId, service };
      const what = isWebhook ? 'a webhook' : 'a bucket';
      if (fault === null) log.info(fields, `${what} takes events again`);
      else log.warn({ ...fields, fault: fault.kind, reason: fault.reason }, `${what} takes no events; they wait`);
    },
    report: (error, channel) =>
      log.error(
        { channel_id: channel?.id, service: channel?.service, cause: kindOf(error) },
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

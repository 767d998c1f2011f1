import { type BatchRunner, createBatchRunner } from '../batches/batch-runner.ts';
import { chooseSender } from '../batches/send-file.ts';
import { createBatchRunStore } from '../store/postgres/batch-runs.ts';
import { buildFileSenders } from './file-senders.ts';
import type { ServerParts } from './server-parts.ts';
import { startTimer } from './start-timer.ts';

/** Runs batches in this process. */
export function openBatchRunner(parts: ServerParts): BatchRunner {
  const { pool, secretBox, phases, nodeId, lease } = parts;
  const report = (error: unknown) => phases.report({ leadId: '', where: 'a batch', error });
  return createBatchRunner({
    store: createBatchRunStore(pool, secretBox),
    send: chooseSender(
      buildFileSenders({
        vault: parts.credentialVault,
        mailer: parts.mailer,
        sendBytes: parts.httpClient.sendBytes,
        allowedNetworks: parts.allowedNetworks,
        startTimer,
        clock: phases.clock,
        report,
      }),
    ),
    clock: phases.clock,
    ids: phases.ids,
    nodeId,
    isLeaseHeld: lease.isHeld,
    report,
  });
}

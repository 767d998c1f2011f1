import { createHealthReport, REPORT_EVERY_MS } from '../integrations/recipient-limits/report-health.ts';
import { type Loop, startLoop } from '../lib/loop.ts';
import type { Log } from '../observe/log.ts';
import { LOOK_EVERY_MS } from '../retries/retry-runner.ts';
import { RENEW_EVERY_MS } from '../store/lease.ts';
import { RECOVER_EVERY_MS } from '../store/recovery.ts';
import type { NodeMembership } from './join-nodes.ts';
import { kindOf } from './report-fault.ts';
import type { ServerParts } from './server-parts.ts';
import { tidyTables } from './tidy-tables.ts';

/** Nodes look for changed configuration this often even when no notification came. */
const CONFIG_EVERY_MS = 1_000;
const TIDY_EVERY_MS = 3_600_000;

/** Starts what a server does besides answering requests. */
export function startLoops({ parts, node, log }: { parts: ServerParts; node: NodeMembership; log: Log }): Loop[] {
  const { pool, clock, phases, lease, listener, liveFlows, retries } = parts;
  const loop = (everyMs: number, what: string, run: () => Promise<unknown>): Loop =>
    startLoop({
      everyMs,
      run,
      onFailing: (error) => log.warn({ what, cause: kindOf(error) }, 'work in the background fails; it goes on trying'),
      onRecovered: () => log.info({ what }, 'work in the background goes on'),
    });
  return [
    loop(RENEW_EVERY_MS, 'lease', lease.renew),
    loop(CONFIG_EVERY_MS, 'configuration', liveFlows.look),
    // By itself: while nobody listens, the look each second is enough.
    loop(CONFIG_EVERY_MS, 'listener', listener.ensure),
    loop(RECOVER_EVERY_MS, 'recovery', node.recover),
    loop(REPORT_EVERY_MS, 'recipients', createHealthReport(parts.recipientLimits, parts.recipientHealth)),
    // An attempt counts in the windows of its own instant, so it waits for the right time as a new lead does.
    loop(LOOK_EVERY_MS, 'retries', async () => (clock.problem() ? undefined : retries.runDue())),
    loop(TIDY_EVERY_MS, 'tables', () => tidyTables({ pool, clock: phases.clock, log })),
  ];
}

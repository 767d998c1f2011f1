import type { Deliver } from '../integrations/contract.ts';
import { createRecipientLimits, type RecipientLimits } from '../integrations/recipient-limits/recipient-limits.ts';
import type { Clock } from '../lib/clock.ts';
import type { ServerOptions } from './server-options.ts';
import { startTimer } from './start-timer.ts';

/** Requests that wait for one recipient, as a share of the leads under way: one that hangs leaves room for the others. */
const WAITING_SHARE = 0.25;

/** Sends over `deliver` within the limits of each recipient, and logs a circuit that changes. */
export function limitRecipients(
  { config, log }: ServerOptions,
  made: { deliver: Deliver; clock: Clock },
): RecipientLimits {
  return createRecipientLimits({
    ...made,
    startTimer,
    waitingMax: Math.ceil(config.admissionMax * WAITING_SHARE),
    onChange: ({ key, host, circuit }) => {
      const write = circuit.kind === 'closed' ? log.info : log.warn;
      write({ recipient_id: key.recipientId, host, circuit: circuit.kind }, 'the circuit to a recipient changed');
    },
  });
}

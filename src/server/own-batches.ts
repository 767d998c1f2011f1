import type { Deliver } from '../integrations/contract.ts';
import type { Clock } from '../lib/clock.ts';
import { findBatchOfUrl } from '../model/batch.ts';

/**
 * Answers what a batch step sends: its row was stored by its claim, before (decision page 0088). Everything else goes to
 * `deliver`.
 */
export function answerOwnBatches(deliver: Deliver, { now }: Pick<Clock, 'now'>): Deliver {
  return (request, bounds) => {
    if (findBatchOfUrl(request.url) === undefined) return deliver(request, bounds);
    const at = now();
    const response = { status: 201, version: '1.1', headers: {}, body: '' };
    return Promise.resolve({
      ...{ kind: 'answered', response, truncated: false, url: request.url, sentAt: at, receivedAt: at },
    });
  };
}

import type { DistributionMethod } from './method.ts';
import { pickInOrder } from './waterfall.ts';

/** A waterfall that goes on behind a sale: without `max_sales` to the last recipient. */
export const sendAll: DistributionMethod = {
  name: 'send_all',
  what: 'Every recipient in the order of the list, up to `max_sales` sales.',
  start: (round) => pickInOrder(round, (open) => open),
};

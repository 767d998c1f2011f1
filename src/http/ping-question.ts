import { PING_PROPERTIES } from '../events/build-ping.ts';
import { PING_INTERVALS, PING_OUTCOMES } from '../events/ping-store.ts';
import { buildPageParameters } from './paging.ts';
import { about, listOf, oneOf } from './parameters.ts';

const page = buildPageParameters(PING_PROPERTIES);

export const PING_PARAMETERS = { ...page, outcome: listOf(PING_OUTCOMES) };

export const PING_STATS_PARAMETERS = {
  flow_id: page.flow_id,
  source_id: page.source_id,
  start: about('Only pings from then on; seven days before the end unless given.', page.start),
  end: page.end,
  interval: about('How long a row is; `day`, in the time zone of the account, unless given.', oneOf(PING_INTERVALS)),
};

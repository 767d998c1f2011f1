import { about, oneOf } from './parameters.ts';
import { STATISTICS_PARAMETERS, TIME_PARAMETERS } from './statistics-question.ts';

/** What a run of a report may name. */
export const RUN_PARAMETERS = {
  ...TIME_PARAMETERS,
  compare: STATISTICS_PARAMETERS.compare,
  links: about('`false`: rows have no `events`.', oneOf(['true', 'false'])),
};

const { timeframe, start, end } = TIME_PARAMETERS;
/** What viewers of a link may change. */
export const SHARED_PARAMETERS = { timeframe, start, end };

import { STATUS_CLASSES } from '../access/key-requests.ts';
import { about, endOfTime, id, integer, list, listOf, oneOf, type ParametersOf, startOfTime } from './parameters.ts';

/** Of `GET /api_keys/{id}/requests`. */
export const KEY_REQUEST_PARAMETERS = {
  after_id: about('Only requests newer than this one.', id()),
  before_id: about('Only requests older than this one.', id()),
  start: about('Only requests from then on: a date or time, UTC unless it has a zone.', startOfTime()),
  end: about('Only requests until then; a date is its whole day.', endOfTime()),
  status: about('Only requests with these answers; errors are `4xx,5xx`.', listOf(STATUS_CLASSES)),
  operation: about('Only requests of these operations, as this document names them: `listFlows`.', list()),
  limit: about('Requests of a page; 100 unless given.', integer({ min: 1, max: 1_000 })),
  sort: about('By age; `desc`, the newest first, unless given.', oneOf(['asc', 'desc'])),
};

export type KeyRequestQuestion = ParametersOf<typeof KEY_REQUEST_PARAMETERS>;

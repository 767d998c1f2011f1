import { EVENT_PARAMETERS, LEAD_PARAMETERS } from './event-question.ts';
import { about } from './parameters.ts';

const { flow_id, source_id, start, end, limit } = LEAD_PARAMETERS;

const TIME_AND_PLACE = {
  start: about(
    'Only what happened from then on; seven days before the end unless given. To the quarter of an hour.',
    start,
  ),
  end: about('Only what happened until then; now unless given. To the quarter of an hour.', end),
  flow_id,
  source_id,
  limit: about('Groups of the answer, the most frequent ones first; 100 unless given.', limit),
};

const { type, outcome, recipient_id, step_id } = EVENT_PARAMETERS;

export const EVENT_REASON_PARAMETERS = { ...TIME_AND_PLACE, type, outcome, recipient_id, step_id };
export const LEAD_REASON_PARAMETERS = { ...TIME_AND_PLACE, outcome: LEAD_PARAMETERS.outcome };

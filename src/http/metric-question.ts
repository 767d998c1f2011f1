import { Type } from 'typebox';
import { fail, ok } from '../lib/result.ts';
import { about, integer, list, onlyText, type Parameter, text } from './parameters.ts';
import { TIME_PARAMETERS } from './statistics-question.ts';

const MEMBERS_MAX = 100;
const TEXT_CHARACTERS_MAX = 200;
const MAX_AGE_SECONDS_MAX = 86_400;

const { interval, timezone, time_zone } = TIME_PARAMETERS;

export const METRIC_PARAMETERS = {
  timeframe: about(
    '`today`, `yesterday`, `this_N_<units>`, `previous_N_<units>`, or `{"start", "end"}` as JSON, both included; today unless given.',
    text({ charactersMax: TEXT_CHARACTERS_MAX }),
  ),
  interval,
  timezone,
  time_zone,
  filters: about(
    'Rules over the properties of events, which all must hold, as a JSON array of `{"lhv", "op", "rhv"}`.',
    jsonList(),
  ),
  group_by: about('Properties of events, such as `vars.flow.id`.', list()),
  target_property: about('The property whose values are looked at.', text({ charactersMax: TEXT_CHARACTERS_MAX })),
  max_age: about(
    'Seconds that the answer may be old; taken for other clients: answers are never older.',
    integer({ min: 0, max: MAX_AGE_SECONDS_MAX }),
  ),
  steps: about('A JSON array of `{"filters", "actor_property", "timeframe", "inverted"}`.', jsonList()),
};

function jsonList(): Parameter<unknown[]> {
  return {
    schema: Type.String({ contentMediaType: 'application/json' }),
    parse(texts) {
      const given = onlyText(texts);
      if (!given.ok) return given;
      try {
        const members: unknown = JSON.parse(given.value);
        if (Array.isArray(members) && members.length <= MEMBERS_MAX) return ok(members);
      } catch {
        // The sentence below says what to give.
      }
      return fail(`Must be a JSON array of at most ${MEMBERS_MAX} members.`);
    },
  };
}

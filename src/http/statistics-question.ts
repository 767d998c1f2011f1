import { Type } from 'typebox';
import { fail, ok } from '../lib/result.ts';
import { EVENT_TYPES } from '../model/event.ts';
import { COMPARISONS } from '../reports/compare-time-frame.ts';
import { COLUMN_NAMES } from '../statistics/columns.ts';
import { GROUPINGS } from '../statistics/groupings.ts';
import { INTERVAL_NAMES } from '../statistics/intervals.ts';
import { COUNTED_OUTCOMES } from '../statistics/measures.ts';
import { about, idList, list, listOf, oneOf, type Parameter, text } from './parameters.ts';

const NAME_CHARACTERS_MAX = 100;
const RULES_MAX = 100;
const short = text({ charactersMax: NAME_CHARACTERS_MAX });

/** When and in which parts; of statistics, metrics and runs of reports. */
export const TIME_PARAMETERS = {
  timeframe: about(
    'Instead of `start` and `end`: `today`, `yesterday`, `this_N_<units>` or `previous_N_<units>`, such as `this_14_days`.',
    short,
  ),
  start: about(
    'A date or time, in the time zone of the question unless it has an offset; the start of today unless given.',
    short,
  ),
  end: about(
    'A date, which is its whole day, or a time, which is included to the second; the end of today unless given.',
    short,
  ),
  interval: about('Splits the time frame; weeks begin on Monday.', oneOf(INTERVAL_NAMES)),
  timezone: about(
    'A name, such as `America/New_York`, or seconds east of UTC, such as `-18000`; the account’s unless given.',
    short,
  ),
  time_zone: { ...about('The same as `timezone`.', short), sameAs: 'timezone' },
};

export const STATISTICS_PARAMETERS = {
  type: about(
    'The types of events whose outcomes are the columns, unless `column` names them; `source` unless given.',
    listOf(EVENT_TYPES),
  ),
  rule: about(
    'Rules over the properties of events, which all must hold; each is JSON: `{"lhv", "op", "rhv"}`.',
    ruleTexts(),
  ),
  group_by: about(
    `Splits rows: ${GROUPINGS.map(({ property }) => `\`${property}\``).join(', ')}, or a value such as \`vars.lead.state\`.`,
    list(),
  ),
  ...TIME_PARAMETERS,
  column: about('The source outcomes unless given.', listOf(COLUMN_NAMES)),
  outcome: about('Deprecated: use a rule. Counts only these outcomes.', listOf(COUNTED_OUTCOMES)),
  by_lead: about('`true`, unless given: counts leads. `false`: counts events.', oneOf(['true', 'false'])),
  compare: about('Adds to each column what it was in an earlier time frame.', oneOf(COMPARISONS)),
  totals: about('`true`: adds a row with `total` at the end.', oneOf(['true', 'false'])),
};

const { interval: _interval, ...WHEN } = TIME_PARAMETERS;

export const LATENCY_PARAMETERS = {
  by: about(
    '`recipient`, unless given: deliveries. `flow` and `source`: leads, from their arrival to their end.',
    oneOf(['recipient', 'flow', 'source']),
  ),
  flow_id: about('Only of these flows.', idList()),
  source_id: about('Only of leads of these sources.', idList()),
  recipient_id: about('Only of these recipients; with `by=recipient`.', idList()),
  ...WHEN,
};

/** Each text is one rule, or a list of them. */
function ruleTexts(): Parameter<unknown[]> {
  return {
    schema: Type.Array(Type.String({ contentMediaType: 'application/json' }), { maxItems: RULES_MAX }),
    parse(texts) {
      try {
        const rules = texts.flatMap((each): unknown => JSON.parse(each));
        return rules.length <= RULES_MAX ? ok(rules) : fail(`Give at most ${RULES_MAX} rules.`);
      } catch {
        return fail(MALFORMED_RULE);
      }
    },
  };
}

const MALFORMED_RULE =
  'Must be a rule as JSON, such as {"lhv":"vars.flow.id","op":"is equal to","rhv":"5fd4371e940df5a34a3888b2"}.';

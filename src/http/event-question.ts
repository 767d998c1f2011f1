import { type TSchema, Type } from 'typebox';
import { LEAD_PROPERTIES } from '../events/build-lead.ts';
import { compileEventFilter, type EventTest } from '../events/compile-event-filter.ts';
import { EVENT_PROPERTIES } from '../events/event-properties.ts';
import type { EventFilter, PageRequest } from '../events/event-store.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { EVENT_OUTCOMES, EVENT_TYPES } from '../model/event.ts';
import { LEAD_OUTCOMES } from '../model/outcome.ts';
import type { ApiError } from './errors.ts';
import { buildPageParameters, pagingOf } from './paging.ts';
import {
  givenByBody,
  idList,
  listOf,
  malformedQuery,
  oneOf,
  type Parameter,
  type ParametersOf,
  parseParameters,
  text,
} from './parameters.ts';
import { CLOSED } from './schemas.ts';
import type { Selection } from './selection.ts';

export const EVENT_PARAMETERS = {
  ...buildPageParameters(EVENT_PROPERTIES),
  type: listOf(EVENT_TYPES),
  outcome: listOf(EVENT_OUTCOMES),
  lead_id: idList(),
  recipient_id: idList(),
  rules: ruleList(),
};

/** Of a reason that is asked for. */
const REASON_CHARACTERS_MAX = 4_096;

export const LEAD_PARAMETERS = {
  ...buildPageParameters(LEAD_PROPERTIES),
  outcome: listOf(LEAD_OUTCOMES),
  reason: text({ charactersMax: REASON_CHARACTERS_MAX }),
  resubmitted: oneOf(['true', 'false']),
};

export interface EventQuestion {
  page: Omit<PageRequest<EventFilter>, 'accountId'>;
  test: EventTest | undefined;
  select: Selection;
}

export type AskedForEvents = ParametersOf<typeof EVENT_PARAMETERS>;

/** Body of `POST /events`: the same parameters as JSON values; lists as lists, rules as a list of rules. */
export const EVENT_SEARCH = Type.Object(
  Object.fromEntries(
    Object.entries(EVENT_PARAMETERS).map(([name, { schema }]) => [name, Type.Optional(inBody(schema))]),
  ),
  { ...CLOSED, $id: 'EventSearch' },
);

/** Reads it as the query is read, so that both take the same values. */
export function parseEventSearch(body: object): Result<AskedForEvents, ApiError> {
  return parseParameters(EVENT_PARAMETERS, givenByBody(body));
}

/** A list may be one text, and a text or number be written as either. */
function inBody(schema: TSchema): TSchema {
  return Type.Union([schema, Type.String(), Type.Number(), Type.Array(Type.Unknown())]);
}

export function eventQuestionOf(given: AskedForEvents): Result<EventQuestion, ApiError> {
  const { type, outcome, lead_id, flow_id, source_id, recipient_id, rules } = given;
  const paging = pagingOf(given);
  if (!paging.ok) return paging;
  const test = rules === undefined ? undefined : compileEventFilter(rules);
  if (test && !test.ok) return fail(malformedQuery(test.error));
  const filter = {
    types: type,
    outcomes: outcome,
    leadIds: lead_id,
    flowIds: flow_id,
    sourceIds: source_id,
    recipientIds: recipient_id,
  };
  const { select, ...page } = paging.value;
  return ok({ page: { ...page, filter }, test: test?.value, select });
}

/** A JSON array of rules; whether they can run is asked later. */
function ruleList(): Parameter<unknown[]> {
  return {
    schema: Type.String({
      contentMediaType: 'application/json',
      description: 'A JSON array of rules over the properties of an event.',
    }),
    parse([text = '']) {
      try {
        const rules: unknown = JSON.parse(text);
        return Array.isArray(rules) ? ok(rules) : fail(MALFORMED_RULES);
      } catch {
        return fail(MALFORMED_RULES);
      }
    },
  };
}

const MALFORMED_RULES =
  'Must be a JSON array of rules, such as [{"lhv":"outcome","op":"is equal to","rhv":"failure"}].';

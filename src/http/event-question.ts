import { type TSchema, Type } from 'typebox';
import { maySeeValues, type Principal } from '../access/principal.ts';
import { LEAD_PROPERTIES } from '../events/build-lead.ts';
import { compileEventRules, type EventRules } from '../events/compile-event-filter.ts';
import { EVENT_PROPERTIES, mayTellValues, needsDocuments } from '../events/event-properties.ts';
import type { EventFilter, LeadPageFilter, PageRequest } from '../events/event-store.ts';
import { hideValuesOfEvent } from '../events/hide-values.ts';
import { listRuleVariables } from '../events/list-rule-variables.ts';
import { OTHER_REASONS } from '../events/reading-plan.ts';
import { intersectFilters } from '../events/split-rules.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { EVENT_OUTCOMES, EVENT_TYPES } from '../model/event.ts';
import { LEAD_OUTCOMES } from '../model/outcome.ts';
import { type ApiError, apiError } from './errors.ts';
import { buildPageParameters, pagingOf } from './paging.ts';
import {
  about,
  givenByBody,
  idList,
  listOf,
  malformedQuery,
  oneOf,
  onlyText,
  type Parameter,
  type ParametersOf,
  parseParameters,
  stepIdList,
  text,
} from './parameters.ts';
import { CLOSED } from './schemas.ts';
import type { Selection } from './selection.ts';

/** Of a reason that is asked for. */
const REASON_CHARACTERS_MAX = 4_096;

const REASON_PARAMETERS = {
  reason: about('Only entries with exactly this reason.', text({ charactersMax: REASON_CHARACTERS_MAX })),
  reason_class: about(
    'Only entries whose reasons have this in common, as `GET /events/reasons` and `GET /leads/reasons` list it.',
    reasonClass(),
  ),
};

export const EVENT_PARAMETERS = {
  ...buildPageParameters(EVENT_PROPERTIES),
  type: about('Only events of these types.', listOf(EVENT_TYPES)),
  outcome: about('Only events with these outcomes.', listOf(EVENT_OUTCOMES)),
  lead_id: about('Only events of these leads.', idList()),
  recipient_id: about('Only events of these recipients, by the ids of their entities.', idList()),
  step_id: about('Only events of these steps.', stepIdList()),
  ...REASON_PARAMETERS,
  rules: about('Rules over the properties of an event, which all must hold: a JSON array.', ruleList()),
  values: about('`hidden`: without values of leads, also for a caller that may see them.', oneOf(['hidden'])),
};

const { before_id: _, start: _start, end: _end, limit: _limit, sort: _sort, ...streamed } = EVENT_PARAMETERS;

/** Of `GET /events/stream`: the same without pages. */
export const STREAM_PARAMETERS = {
  ...streamed,
  after_id: about('Begins with the events behind this one; with what is new unless given.', streamed.after_id),
};

export const LEAD_PARAMETERS = {
  ...buildPageParameters(LEAD_PROPERTIES),
  outcome: about('Only leads with these outcomes.', listOf(LEAD_OUTCOMES)),
  ...REASON_PARAMETERS,
  resubmitted: about('Only leads that were, or were not, sent again.', oneOf(['true', 'false'])),
};

export interface EventQuestion {
  page: Omit<PageRequest<EventFilter>, 'accountId'>;
  /** What has to be asked of each event that the store finds. */
  asked: Pick<EventRules, 'test' | 'needsDocuments'>;
  select: Selection;
  /** Are properties of the answer made of the documents of leads? */
  withDocuments: boolean;
  /** Would the answer tell which leads have a value? */
  tellsValues: boolean;
  /** Does the caller want no values, whatever it may see? */
  hidesValues: boolean;
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
  const paging = pagingOf(given);
  if (!paging.ok) return paging;
  const asked = compileEventRules(given.rules ?? []);
  if (!asked.ok) return fail(malformedQuery(asked.error));
  const { select, ...page } = paging.value;
  const filter = intersectFilters(eventFilterOf(given), asked.value.filter);
  const tellsValues = given.reason !== undefined || listRuleVariables(given.rules ?? []).some(mayTellValues);
  const withDocuments = needsDocuments(given);
  const hidesValues = given.values === 'hidden';
  return ok({ page: { ...page, filter }, asked: asked.value, select, withDocuments, tellsValues, hidesValues });
}

/**
 * The question as this caller may ask it: without `personal_data.read` nothing is asked about values, and none is answered.
 * Who wants none gets the same answer.
 */
export function limitQuestion(question: EventQuestion, principal: Principal): Result<EventQuestion, ApiError> {
  const isOpen = maySeeValues(principal);
  if (isOpen && !question.hidesValues) return ok(question);
  if (!isOpen && question.tellsValues) return fail(VALUES_FORBIDDEN);
  const { select } = question;
  return ok({ ...question, withDocuments: false, select: (event) => select(hideValuesOfEvent(event)) });
}

/** To callers without the permission, where the answer would tell which leads have a value. */
export const VALUES_FORBIDDEN = apiError(
  'permission_required',
  'Rules about values or reasons of leads, and the filter by a whole reason, need the permission personal_data.read; reason_class does not.',
);

/** The filter of the parameters, without that of the rules. */
export function eventFilterOf(given: Partial<AskedForEvents>): EventFilter {
  const { type, outcome, lead_id, flow_id, source_id, recipient_id, step_id, reason, reason_class } = given;
  return {
    ...{ types: type, outcomes: outcome, leadIds: lead_id, flowIds: flow_id, sourceIds: source_id, reason },
    ...{ recipientIds: recipient_id, stepIds: step_id, reasonClasses: listOfOne(reason_class) },
  };
}

export type AskedForLeads = ParametersOf<typeof LEAD_PARAMETERS>;

export function leadFilterOf(given: Partial<AskedForLeads>): LeadPageFilter {
  const { outcome, flow_id, source_id, reason, reason_class, resubmitted } = given;
  return {
    ...{ outcomes: outcome, flowIds: flow_id, sourceIds: source_id, reason },
    reasonClasses: listOfOne(reason_class),
    isResubmitted: resubmitted === undefined ? undefined : resubmitted === 'true',
  };
}

function listOfOne(value: string | undefined): string[] | undefined {
  return value === undefined ? undefined : [value];
}

/** In lower case: case makes no difference. */
function reasonClass(): Parameter<string> {
  const { schema, parse } = text({ charactersMax: REASON_CHARACTERS_MAX });
  return {
    schema,
    parse(texts) {
      const parsed = parse(texts);
      if (!parsed.ok) return parsed;
      return parsed.value === OTHER_REASONS ? fail(NOT_ONE_CLASS) : ok(parsed.value.toLowerCase());
    },
  };
}

const NOT_ONE_CLASS = `"${OTHER_REASONS}" stands for reasons that were too many to be told apart: ask for a reason instead.`;

/** A JSON array of rules; whether they can run is asked later. */
function ruleList(): Parameter<unknown[]> {
  return {
    schema: Type.String({
      contentMediaType: 'application/json',
      description: 'A JSON array of rules over the properties of an event.',
    }),
    parse(texts) {
      const text = onlyText(texts);
      if (!text.ok) return text;
      try {
        const rules: unknown = JSON.parse(text.value);
        return Array.isArray(rules) ? ok(rules) : fail(MALFORMED_RULES);
      } catch {
        return fail(MALFORMED_RULES);
      }
    },
  };
}

const MALFORMED_RULES =
  'Must be a JSON array of rules, such as [{"lhv":"outcome","op":"is equal to","rhv":"failure"}].';

import { type Static, type TSchema, Type } from 'typebox';
import { compileEventRules } from '../events/compile-event-filter.ts';
import { mayTellValues } from '../events/event-properties.ts';
import { listRuleVariables } from '../events/list-rule-variables.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import {
  VIEW_NAME_CHARACTERS_MAX,
  VIEW_RANGES,
  VIEW_SECTIONS,
  VIEW_SHAPES,
  type ViewDefinition,
  type ViewQuery,
} from '../views/view.ts';
import type { ApiError } from './errors.ts';
import { EVENT_PARAMETERS, LEAD_PARAMETERS } from './event-question.ts';
import { about, givenByBody, oneOf, type ParameterTable, parseParameters } from './parameters.ts';
import { invalidDocument } from './read-body.ts';
import { CLOSED } from './schemas.ts';

/** What every view may have: no cursor of a page, and nothing that names one lead. */
const COMMON = {
  flow_id: LEAD_PARAMETERS.flow_id,
  source_id: LEAD_PARAMETERS.source_id,
  reason_class: LEAD_PARAMETERS.reason_class,
  start: LEAD_PARAMETERS.start,
  end: LEAD_PARAMETERS.end,
  sort: LEAD_PARAMETERS.sort,
  range: about('Time that ends now, in the place of `start` and `end`.', oneOf(VIEW_RANGES)),
  view: about('`reasons`: entries in groups by their reason; `list` unless given.', oneOf(VIEW_SHAPES)),
};

/** By section, the parameters of its list that a view may keep. */
const PARAMETERS: Readonly<Record<ViewDefinition['section'], ParameterTable>> = {
  leads: { ...COMMON, outcome: LEAD_PARAMETERS.outcome, resubmitted: LEAD_PARAMETERS.resubmitted },
  events: {
    ...COMMON,
    outcome: EVENT_PARAMETERS.outcome,
    type: EVENT_PARAMETERS.type,
    recipient_id: EVENT_PARAMETERS.recipient_id,
    step_id: EVENT_PARAMETERS.step_id,
    rules: EVENT_PARAMETERS.rules,
  },
};

const TEXT_CHARACTERS_MAX = 4_096;
const TEXT = Type.String({ maxLength: TEXT_CHARACTERS_MAX });
const TEXTS_MAX = 100;
const PARAMETER = Type.Union([TEXT, Type.Array(TEXT, { maxItems: TEXTS_MAX })]);
const NAMES = [...new Set(Object.values(PARAMETERS).flatMap((table) => Object.keys(table)))];

/** Of answers and bodies. */
export const VIEW_QUERY: TSchema = Type.Object(
  Object.fromEntries(NAMES.map((name) => [name, Type.Optional(PARAMETER)])),
  {
    ...CLOSED,
    description:
      'Parameters of `GET /leads` or `GET /events` by name, each a text or a list of texts; also `range` and `view`. `reason`, `lead_id` and rules about values of leads are refused.',
  },
);

export const GIVEN_VIEW = Type.Object(
  {
    name: Type.String({
      pattern: '\\S',
      maxLength: VIEW_NAME_CHARACTERS_MAX,
      says: `Must be a text of 1 to ${VIEW_NAME_CHARACTERS_MAX} characters.`,
    }),
    section: Type.Enum([...VIEW_SECTIONS]),
    query: VIEW_QUERY,
    is_shared: Type.Optional(
      Type.Boolean({ description: '`true`: everybody who may read leads has it. `false` unless given.' }),
    ),
  },
  { ...CLOSED, $id: 'GivenView' },
);

/** What a body asks to save, or the places that are wrong. */
export function readView(body: Static<typeof GIVEN_VIEW>): Result<ViewDefinition, ApiError> {
  const { name, section, is_shared: isShared = false } = body;
  const given = givenByBody(body.query as object); // the schema lets objects pass alone
  const parsed = parseParameters(PARAMETERS[section], given);
  const problems = parsed.ok ? findFaults(parsed.value) : (parsed.error.details ?? []);
  if (problems.length > 0)
    return fail(invalidDocument(problems.map(({ path, message }) => ({ path: `query.${path}`, message }))));
  return ok({ name: name.trim(), section, query: textsOf(given), isShared });
}

/** What is right by itself and not together. */
function findFaults(values: Readonly<Record<string, unknown>>): Problem[] {
  const { range, start, end, rules } = values;
  if (range !== undefined && (start !== undefined || end !== undefined))
    return [{ path: 'range', message: 'Give range, or start and end, and not both.' }];
  if (!Array.isArray(rules)) return [];
  const compiled = compileEventRules(rules);
  if (!compiled.ok) return [...compiled.error];
  return listRuleVariables(rules).some(mayTellValues) ? [{ path: 'rules', message: NO_VALUES }] : [];
}

const NO_VALUES =
  'A view keeps no values of leads: its rules read properties such as feedback_type, vars.flow.id or step_id.';

function textsOf(given: ReadonlyMap<string, readonly string[]>): ViewQuery {
  const filled = [...given].filter(([, texts]) => texts.length > 0);
  return Object.fromEntries(filled.map(([name, texts]) => [name, texts.length === 1 ? (texts[0] ?? '') : texts]));
}

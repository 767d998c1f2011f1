import type { LeadEvent } from '../events/build-event.ts';
import { compileEventFilter, type EventTest } from '../events/compile-event-filter.ts';
import { mayTellValues } from '../events/event-properties.ts';
import { listRuleVariables } from '../events/list-rule-variables.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import type { ExportDefinition, ExportNeeds } from './export.ts';
import { type ExportColumn, findColumn, type OpenedRow } from './export-columns.ts';

/** A definition made ready to run. */
export interface ExportPlan {
  columns: readonly ExportColumn[];
  needs: ExportNeeds;
  /** Of the rules; undefined: there are none. */
  test: EventTest | undefined;
  /** The event as the rules read it. */
  eventOf(opened: OpenedRow): LeadEvent;
}

type Planned = Pick<ExportDefinition, 'rows' | 'fields' | 'filter_rules' | 'hides_values'>;

/** The plan, or what keeps the definition from running, each with its place. `fieldIds`: see `findColumn`. */
export function planExport(
  { rows, fields, filter_rules: rules, hides_values: hidesValues }: Planned,
  fieldIds: ReadonlySet<string> | null,
): Result<ExportPlan, Problem[]> {
  const problems: Problem[] = [];
  const columns = fields.flatMap((field, index) => {
    const column = findColumn(field, { rows, fieldIds });
    if (column.ok) return [column.value];
    problems.push({ path: `fields.${index}`, message: column.error });
    return [];
  });
  const test = rules.length === 0 ? undefined : compileEventFilter(rules);
  if (rules.length > 0 && rows === 'leads') problems.push({ path: 'filter_rules', message: RULES_OF_EVENTS });
  else if (test && !test.ok) problems.push(...test.error.map(renamePlace));
  const variables = test?.ok ? listRuleVariables(rules) : [];
  if (hidesValues && variables.some((name) => !isOpen(name)))
    problems.push({ path: 'filter_rules', message: HIDDEN_IN_RULES });
  if (problems.length > 0) return fail(problems);
  const readsWhole = variables.some((name) => !isLean(name));
  const shown = columns.filter(({ isPersonal }) => !(hidesValues && isPersonal));
  const has = (need: keyof ExportNeeds) => shown.some(({ needs }) => needs[need] === true);
  const whole = readsWhole || has('whole');
  return ok({
    columns,
    needs: {
      facts: whole || variables.length > 0 || has('facts'),
      vars: has('vars') || (!readsWhole && variables.some((name) => name.startsWith('vars.'))),
      lead: has('lead'),
      whole,
    },
    test: test?.ok ? test.value : undefined,
    eventOf: readsWhole ? ({ whole }) => whole ?? {} : buildLeanEvent,
  });
}

const RULES_OF_EVENTS =
  'Rules are asked of events. For leads use outcome, flow_id and source_id, or "rows": "events" with "type": ["source"], which has one row a lead.';
const HIDDEN_IN_RULES =
  'Rules that read values or reasons of leads need the permission personal_data.read: they would tell what is hidden.';

function renamePlace({ path, message }: Problem): Problem {
  return { path: path.replace(/^rules/, 'filter_rules'), message };
}

/** Parts of an event that its row and the stored variables hold, so that nothing more is read for a rule. */
const LEAN = /^(id|type|outcome|reason|step_id|ms|wait_ms|cost|revenue|sale_price|module_id|attempt)$/;
const LEAN_VARS = /^vars\.(lead|submission|random)(\.|$)|^vars\.(flow|source|recipient)\.id$/;
/** What a rule may read that must not tell values. */
const OPEN_VARS = /^vars\.(flow|source|recipient)\.(id|name)$|^vars\.lead\.id$/;

function isLean(variable: string): boolean {
  return LEAN.test(variable) || LEAN_VARS.test(variable);
}

function isOpen(variable: string): boolean {
  return (LEAN.test(variable) && !mayTellValues(variable)) || OPEN_VARS.test(variable);
}

function buildLeanEvent({ row, facts, vars }: OpenedRow): LeadEvent {
  return {
    ...facts,
    ...{ id: row.id, type: row.type, outcome: row.outcome, reason: row.reason, step_id: row.stepId },
    vars: {
      ...{ submission: vars['submission'], lead: vars['lead'] ?? { id: row.leadId }, random: vars['random'] },
      ...{ flow: { id: row.flowId }, source: { id: row.sourceId } },
      ...(row.recipientId === null ? {} : { recipient: { id: row.recipientId } }),
    },
  };
}

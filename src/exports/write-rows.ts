import { buildEvent } from '../events/build-event.ts';
import type { FindRevision } from '../events/revisions.ts';
import type { CompiledFlow } from '../flow-compiler/compiled-flow.ts';
import type { RunSliced, Sliced } from '../lib/slices.ts';
import type { EvaluationContext } from '../model/vars.ts';
import type { ExportNames, ExportRow } from './export.ts';
import type { OpenedRow } from './export-columns.ts';
import type { ExportPlan } from './export-plan.ts';
import type { RowText } from './row-text.ts';

export interface WriteRowsContext {
  plan: ExportPlan;
  text: RowText;
  names: ExportNames;
  ctx: EvaluationContext;
  findRevision: FindRevision;
  runSliced: RunSliced;
}

/** The texts of the rows that the rules let through, in order. */
export async function writeRows(rows: readonly ExportRow[], context: WriteRowsContext): Promise<string[]> {
  const flows = await findFlows(rows, context.findRevision);
  return context.runSliced(writeInSlices(rows, { ...context, flows }));
}

/** By the key of `keyOf`; those of rows that are read as a whole. */
type Flows = ReadonlyMap<string, CompiledFlow>;

async function findFlows(rows: readonly ExportRow[], findRevision: FindRevision): Promise<Flows> {
  const flows = new Map<string, CompiledFlow>();
  for (const { whole } of rows) {
    if (whole === null || flows.has(keyOf(whole.lead))) continue;
    flows.set(keyOf(whole.lead), await findRevision(whole.lead));
  }
  return flows;
}

function keyOf({ flowId, revision }: { flowId: string; revision: number }): string {
  return `${flowId}/${revision}`;
}

/** Pauses behind each row. */
function* writeInSlices(
  rows: readonly ExportRow[],
  { plan, text, names, ctx, flows }: Pick<WriteRowsContext, 'plan' | 'text' | 'names' | 'ctx'> & { flows: Flows },
): Sliced<string[]> {
  const texts: string[] = [];
  const variables = new Map<string, OpenedRow['vars']>();
  for (const row of rows) {
    const opened = openRow(row, { names, flows, variables });
    if (plan.test === undefined || plan.test(plan.eventOf(opened), ctx)) texts.push(text.write(opened));
    yield;
  }
  return texts;
}

/** The variables of a lead are parsed once for all of its rows. */
function openRow(
  row: ExportRow,
  { names, flows, variables }: { names: ExportNames; flows: Flows; variables: Map<string, OpenedRow['vars']> },
): OpenedRow {
  const vars = variables.get(row.leadId) ?? parseObject(row.vars);
  if (row.vars !== null) variables.set(row.leadId, vars);
  const flow = row.whole && flows.get(keyOf(row.whole.lead));
  const whole = row.whole && flow ? buildEvent({ lead: row.whole.lead, flow }, row.whole.event) : null;
  return { row, facts: parseObject(row.facts), vars, whole, names };
}

/** Written by this program as an object. */
function parseObject(json: string | null): Readonly<Record<string, unknown>> {
  return json === null ? NOTHING : ((JSON.parse(json) ?? NOTHING) as Record<string, unknown>);
}

const NOTHING: Readonly<Record<string, unknown>> = {};

import type { CompiledFlow } from '../flow-compiler/compiled-flow.ts';
import { HIDDEN } from '../model/hidden.ts';
import type { RuleCatalogueRow } from '../rules/rule-catalogue.ts';
import type { KnownOfLead, RuleFinding, StepDocument } from '../stored/lead-document.ts';
import type { EventRecord } from './event-store.ts';
import { hideReason } from './hide-values.ts';
import type { LeadPast } from './lead-past.ts';

export interface PastOfLead {
  past: LeadPast;
  events: readonly EventRecord[];
}

/**
 * A lead as it is explained to who may not see its values, or has not asked for them (decision page 0104): what was decided stays,
 * each value that a rule compared is `(hidden)`, reasons are their classes. What is kept is named, so that a new part of the
 * document is hidden until somebody decides that it is open.
 */
export function hideValuesOfPast({ past, events }: PastOfLead): PastOfLead {
  const { lead, flow } = past;
  const { warnings: _, ...sourceFacts } = lead.sourceFacts;
  return {
    past: {
      flow,
      lead: {
        ...lead,
        reason: hideIfGiven(lead.reason),
        document: lead.document && hideDocument(flow, lead.document),
        sourceFacts,
      },
    },
    events: events.map(hideValuesOfRecord),
  };
}

function hideIfGiven(reason: string | null): string | null {
  return reason === null ? null : hideReason(reason);
}

function hideValuesOfRecord<Row extends EventRecord>(event: Row): Row {
  const { warnings: _, ...facts } = { warnings: undefined, ...event.facts };
  return { ...event, reason: hideIfGiven(event.reason), facts };
}

/** A lead of which nothing is known stays one. */
function hideDocument(flow: CompiledFlow, document: KnownOfLead): KnownOfLead {
  const { vars, findings = [], lists, cap, price, response, steps = {} } = document;
  if (!vars) return {};
  const stepEntries = Object.entries(steps).map(([seq, step]) => [seq, hideStep(step)] as const);
  return {
    vars: { lead: {}, submission: { timestamp: vars.submission?.timestamp ?? '', ip: HIDDEN }, random: null },
    findings: findings.map((finding) => hideFinding(flow.catalogue.rows[finding[0]], finding)),
    lists: (lists ?? []).map(({ because: _, ...finding }) => finding),
    cap: cap ?? null,
    ...(price && {
      price: { ...price, ...(price.reason !== undefined && { reason: hideReason(price.reason) ?? '' }) },
    }),
    ...(response === undefined ? {} : { response: response && { status: response.status, headers: {}, body: null } }),
    steps: Object.fromEntries(stepEntries),
  };
}

function hideStep({ key, cap }: StepDocument): StepDocument {
  return { key, appended: null, mappings: [], cap, transactions: [] };
}

function hideFinding(row: RuleCatalogueRow | undefined, [index, left, right, passed]: RuleFinding): RuleFinding {
  const shownLeft = left === undefined || left === null || isOpen(row?.lhv) ? left : HIDDEN;
  return [index, shownLeft, isWritten(row?.rhv) ? right : HIDDEN, passed];
}

/** A right side without a variable is what the flow says. */
function isWritten(rhv: unknown): boolean {
  return !JSON.stringify(rhv ?? null).includes('{{');
}

/** Left sides that tell where a lead went, and nothing of the person: what lists found, the flow, the outcome of a recipient. */
const OPEN =
  /^(?:suppressionlist\.[a-z_]+|(?:account|flow|source|recipient)\.[\w.]+|(?!lead\.)[\w-]+\.(?:outcome|price))$/;

function isOpen(lhv: unknown): boolean {
  return typeof lhv === 'string' && OPEN.test(lhv.trim());
}

import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import { type Money, NO_MONEY } from '../model/money.ts';
import type { PhaseDeps } from '../pipeline/phase.ts';
import type { InnerLeadFacts } from '../stored/event-facts.ts';
import type { NamedLead } from '../stored/intent-state.ts';
import { type Finding, resolveUnknown } from './resolve-unknown.ts';
import type { Unknown } from './retry.ts';
import type { RetryStore } from './retry-store.ts';

/** A delivery of unknown end to another flow of this installation. */
export interface LostInnerLead {
  unknown: Unknown;
  innerLead: NamedLead;
}

/** What is stored of an inner lead. */
export interface InnerStanding {
  /** null: it has no end yet, or there is no such lead. */
  end: { flowId: string; sourceId: string; outcome: string; price: Money; isInterrupted: boolean } | null;
  /** It is under way, or a recovery has not ended it yet. */
  isRunning: boolean;
  /** A delivery of its own may have arrived. */
  hasUnknown: boolean;
  /** A recipient has accepted it. */
  isSold: boolean;
}

export interface InnerLeadStore {
  /** Of all accounts, oldest first. */
  listLost(limit: number): Promise<LostInnerLead[]>;
  /** In the order asked, all as of one moment. */
  readStandings(leads: readonly NamedLead[]): Promise<InnerStanding[]>;
}

export interface ResolveInnerDeps {
  innerLeads: InnerLeadStore;
  retries: RetryStore;
  findFlow: PhaseDeps['findFlow'];
  clock: Clock;
  ids: Ids;
}

/** Looked at in one run; the rest waits for the next. */
const LOST_MAX = 500;

/**
 * Says what became of deliveries to other flows whose end was lost: their leads are in the same database, so no other
 * system has to be asked (decision page 0089). A delivery is unknown only after its outer run row is gone, and without that no inner
 * lead begins: what is not there by then never comes. Returns how many were resolved.
 */
export async function resolveInnerLeads(deps: ResolveInnerDeps): Promise<number> {
  const lost = await deps.innerLeads.listLost(LOST_MAX);
  if (lost.length === 0) return 0;
  const standings = await deps.innerLeads.readStandings(lost.map(({ innerLead }) => innerLead));
  let resolved = 0;
  for (const [index, { unknown, innerLead }] of lost.entries()) {
    const standing = standings[index];
    const found = standing && judgeStanding(standing);
    if (!found) continue;
    const finding = buildFinding(found, { unknown, innerLead, deps });
    // Another process, or a person, may have been faster.
    if ((await resolveUnknown(deps, { unknown, finding })) === 'resolved') resolved += 1;
  }
  return resolved;
}

/** What the other flow made of the lead. */
export type InnerVerdict =
  | { kind: 'missing' }
  | { kind: 'accepted' | 'refused'; end: NonNullable<InnerStanding['end']>; price: Money };

/** null: it is not known yet. */
export function judgeStanding({ end, isRunning, hasUnknown, isSold }: InnerStanding): InnerVerdict | null {
  if (end === null) return isRunning ? null : { kind: 'missing' };
  if (end.outcome === 'success') return { kind: 'accepted', end, price: end.price };
  if (hasUnknown) return null;
  // No answer said that it is refused, and a recipient of the other flow has it: it must not be sold once more.
  if (end.isInterrupted && isSold) return { kind: 'accepted', end, price: NO_MONEY };
  return { kind: 'refused', end, price: NO_MONEY };
}

function buildFinding(
  verdict: InnerVerdict,
  { unknown, innerLead, deps }: { unknown: Unknown; innerLead: NamedLead; deps: ResolveInnerDeps },
): Finding {
  const resolution = verdict.kind === 'accepted' ? 'delivered' : 'not_delivered';
  const price = verdict.kind === 'accepted' ? verdict.price : null;
  const common = { resolution, price, isRetried: isRetried(verdict, { unknown, deps }) } as const;
  if (verdict.kind === 'missing') return { ...common, note: 'The other flow has not taken the lead.' };
  const { outcome, flowId, sourceId } = verdict.end;
  const facts: InnerLeadFacts = { lead_id: innerLead.leadId, flow_id: flowId, source_id: sourceId };
  const note = `The lead ${innerLead.leadId} of the other flow has ended: ${outcome}.`;
  return { ...common, note, innerLead: facts };
}

/** As after an answer: an error is tried again where the step says so, a failure is not. Masked values are not kept. */
function isRetried(
  verdict: InnerVerdict,
  { unknown, deps }: { unknown: Unknown; deps: Pick<ResolveInnerDeps, 'findFlow'> },
): boolean {
  if (verdict.kind === 'accepted' || (verdict.kind === 'refused' && verdict.end.outcome !== 'error')) return false;
  const live = deps.findFlow(unknown.flowId);
  if (live.kind !== 'found' || live.flow.hasMaskedFields) return false;
  const recipients = [...live.flow.steps.filter((step) => step.kind === 'recipient'), ...live.flow.destinations];
  return recipients.find(({ id }) => id === unknown.stepId)?.document.retry_enabled === true;
}

import type { LeadPast } from '../events/lead-past.ts';
import type { LeadDocument } from '../stored/lead-document.ts';
import { listCriteria } from './decided-by.ts';
import { decidingRules, type Findings } from './deciding-rules.ts';
import { whatWas } from './describe-rule.ts';
import { LIST_CHECKS, PRICED_BY, SENTENCES } from './sentences.ts';
import { quoted, writeAmount, writeMoment } from './wording.ts';

/** What the phases before the steps found, in their order; the one that stopped the lead is described elsewhere. */
export function phaseSentences(past: LeadPast, findings: Findings): string[] {
  return [...listSentences(past), ...priceSentences(past), ...criteriaSentences(past, findings)];
}

function listSentences({ lead, flow }: LeadPast): string[] {
  const checks: Readonly<Record<string, { list_name: string } | null | undefined>> = flow.document.list_checks ?? {};
  return (lead.document?.lists ?? []).flatMap(
    ({ check, found, added_at: addedAt, held_by: heldBy, is_retried: isRetried }) => {
      const meaning = LIST_CHECKS.get(check);
      if (!meaning) return [];
      const list = quoted(checks[check]?.list_name);
      if (!found) return [SENTENCES.notOnList({ check: meaning.missing, list })];
      const since = typeof addedAt === 'number' ? writeMoment(addedAt, flow.account.timeZone) : null;
      const holder = heldBy === undefined ? null : { lead: heldBy, isRetried: isRetried === true };
      return [SENTENCES.onList({ check: meaning.found, list, since, holder })];
    },
  );
}

/** The price of a lead that stopped before pricing is left out: nothing was offered. */
function priceSentences({ lead, flow }: LeadPast): string[] {
  const price = lead.document?.price;
  const isPriced = [flow.document, flow.sources.get(lead.sourceId)?.document].some((level) => level?.pricing);
  if (!price || !flow.isEnabled) return [];
  if (!price.winner) return isPriced ? [SENTENCES.noPrice()] : [];
  const by = PRICED_BY[price.winner.by]({
    owner: price.winner.level,
    place: placeOf(price.winner.path),
    others: (price.also_matched ?? []).map(placeOf),
  });
  return [SENTENCES.cost({ amount: writeAmount(price.offered), isOwed: lead.outcome === 'success', by })];
}

type Winner = NonNullable<LeadDocument['price']['winner']>;

/** 2 for `sources.0.pricing.prices.1`. */
function placeOf(path: Winner['path']): number {
  return Number(path.split('.').at(-1)) + 1;
}

function criteriaSentences(past: LeadPast, findings: Findings): string[] {
  return listCriteria(past).flatMap(({ path, ruleSet }) => {
    const { passed, rules } = decidingRules(ruleSet, { path: `${path}.rule_set`, findings });
    const clauses = whatWas(past.flow, { rules, meaning: 'needed' });
    const owner = path.startsWith('sources.') ? 'source' : 'flow';
    return passed && clauses !== undefined ? [SENTENCES.criteriaMet({ owner, clauses })] : [];
  });
}

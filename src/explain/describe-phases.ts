import { findListCheck } from '../events/explain-lead.ts';
import type { LeadPast } from '../events/lead-past.ts';
import type { LeadDocument } from '../stored/lead-document.ts';
import { listCriteria } from './decided-by.ts';
import { decidingRules, type Findings } from './deciding-rules.ts';
import { whatWas } from './describe-rule.ts';
import { LIST_CHECKS, PRICED_BY, SENTENCES } from './sentences.ts';
import { quoted, writeAmount } from './wording.ts';
import { writeMoment } from './write-moment.ts';

/** What the phases before the steps found, in their order; the one that stopped the lead is described elsewhere. */
export function phaseSentences(past: LeadPast, findings: Findings): string[] {
  return [...listSentences(past), ...priceSentences(past), ...criteriaSentences(past, findings)];
}

type Finding = LeadDocument['lists'][number];

/** Of a check with several values those that were found, or one sentence that none was. */
function listSentences(past: LeadPast): string[] {
  const findings = past.lead.document?.lists ?? [];
  return [...LIST_CHECKS].flatMap(([check, meaning]) => {
    const own = findings.filter((finding) => finding.check === check);
    const found = own.filter((finding) => finding.found);
    if (found.length > 0) return found.map((finding) => onListSentence(past, { finding, check: meaning.found }));
    const [only] = own;
    if (only === undefined) return [];
    const list = listNames(past, own);
    if (only.place === undefined) return [SENTENCES.notOnList({ check: meaning.missing, list })];
    return [SENTENCES.noneOnList({ check: meaning.missing, list, values: valueNames(past, own) })];
  });
}

function onListSentence({ flow }: LeadPast, { finding, check }: { finding: Finding; check: string }): string {
  const { place, added_at: addedAt, held_by: heldBy, is_retried: isRetried } = finding;
  const compiled = findListCheck(flow, finding);
  return SENTENCES.onList({
    check,
    value: place === undefined ? null : (compiled?.valueName ?? null),
    list: quoted(compiled?.listName),
    since: typeof addedAt === 'number' ? writeMoment(addedAt, flow.account.timeZone) : null,
    holder: heldBy === undefined ? null : { lead: heldBy, isRetried: isRetried === true },
  });
}

function listNames({ flow }: LeadPast, findings: readonly Finding[]): string {
  return [...new Set(findings.map((finding) => quoted(findListCheck(flow, finding)?.listName)))].join(' or ');
}

function valueNames({ flow }: LeadPast, findings: readonly Finding[]): string {
  return findings.flatMap((finding) => findListCheck(flow, finding)?.valueName ?? []).join(', ');
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

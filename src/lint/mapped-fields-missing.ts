import { nearestName } from '../lib/nearest-name.ts';
import type { Sliced } from '../lib/slices.ts';
import type { Problem } from '../model/problem.ts';
import { shortened } from './describe-rule.ts';
import type { LintContext } from './lint-context.ts';
import { segmentsOfProperty } from './module-variables.ts';

/** At most so many are reported; each costs a search for the nearest name. */
const MISSING_MAX = 100;

/** Mappings of sources that write a field the flow does not keep: what they write is dropped (spec behaviour 7). */
export function* mappedFieldsMissing({ document }: LintContext): Sliced<Problem[]> {
  const fields = new Set(document.fields);
  const groups = new Set(document.fields.flatMap(beginnings));
  const problems: Problem[] = [];
  for (const [at, source] of document.sources.entries()) {
    if (source.enabled === false) continue;
    for (const [index, { property }] of source.integration.mappings.entries()) {
      yield;
      const name = nameOfField(property);
      if (name === undefined || isKept(name, { fields, groups })) continue;
      const near = nearestName(shortened(name), document.fields);
      const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
      const message = `The flow keeps no field "${shortened(name)}", so what is mapped to it is dropped: add it to the fields of the flow, or remove the mapping.${hint}`;
      problems.push({ path: `sources.${at}.integration.mappings.${index}.property`, message });
      if (problems.length === MISSING_MAX) return problems;
    }
  }
  return problems;
}

/** With or without `lead.` (decision 29); undefined: it is no path, which keeps the flow from running anyway. */
function nameOfField(property: string): string | undefined {
  const segments = segmentsOfProperty(property);
  if (segments === undefined) return undefined;
  return (segments[0] === 'lead' && segments.length > 1 ? segments.slice(1) : segments).join('.');
}

/** A field, a part of one, or an object with fields in it. */
function isKept(name: string, known: { fields: ReadonlySet<string>; groups: ReadonlySet<string> }): boolean {
  // The price the sender offers is read where it stands (decision 2).
  if (name === 'price') return true;
  return known.groups.has(name) || known.fields.has(name) || beginnings(name).some((each) => known.fields.has(each));
}

/** `mortgage` and `mortgage.loan` of `mortgage.loan.amount`. */
function beginnings(name: string): string[] {
  const parts = name.split('.');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('.'));
}

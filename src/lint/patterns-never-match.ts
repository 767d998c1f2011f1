import type { Sliced } from '../lib/slices.ts';
import { listDeliverySteps } from '../model/delivery-steps.ts';
import type { FlowDocument } from '../model/flow.ts';
import type { Mapping } from '../model/mapping.ts';
import type { Problem } from '../model/problem.ts';
import { regularExpressionIn } from '../rules/compile-pattern.ts';
import { shortened } from './describe-rule.ts';
import { rulesIn } from './flow-sites.ts';
import type { LintContext } from './lint-context.ts';
import { whyNeverMatches } from './never-matching-pattern.ts';

/** Patterns of rules and search terms of the custom modules that match no text. */
export function* patternsNeverMatch({ document, sites }: LintContext): Sliced<Problem[]> {
  const problems: Problem[] = [];
  for (const { ruleSet, path: setPath } of sites.rules) {
    for (const { rule, path } of rulesIn(ruleSet, setPath)) {
      if (rule.op !== 'matches pattern' && rule.op !== 'does not match pattern') continue;
      problems.push(...problemsOfPattern(rule.rhv, `${path}.rhv`));
      yield;
    }
    yield;
  }
  for (const mapping of searchMappings(document)) {
    problems.push(...problemsOfSearchTerm(mapping));
    yield;
  }
  return problems;
}

function problemsOfPattern(pattern: unknown, path: string): Problem[] {
  if (typeof pattern !== 'string' || pattern.includes('{{')) return [];
  const expression = regularExpressionIn(pattern.trim());
  const why = expression && whyNeverMatches(expression.source, expression.flags);
  return why === undefined ? [] : [{ path, message: messageFor(pattern, why) }];
}

function messageFor(pattern: string, why: string): string {
  return `The pattern "${shortened(pattern)}" matches no text, because ${why}.`;
}

interface PlacedMapping {
  path: string;
  mapping: Mapping;
}

const CUSTOM_MODULES = /^leadconduit-custom\.outbound\./;
const SEARCH_TERMS: ReadonlySet<string> = new Set(['outcome_search_term', 'cookie_search_term']);

function searchMappings(document: FlowDocument): PlacedMapping[] {
  return listDeliverySteps(document).flatMap(({ path, step }) => {
    if (step.enabled === false || !CUSTOM_MODULES.test(step.integration.module_id)) return [];
    return step.integration.mappings
      .map((mapping, index) => ({ mapping, path: `${path}.integration.mappings.${index}.value` }))
      .filter(({ mapping }) => SEARCH_TERMS.has(mapping.property));
  });
}

const SEARCH_DELIMITED = /^\/([\s\S]+)\/([dgimsuvy]*)$/;
const UPPER_CASE_CLASS = /(?:^|[^\\])(?:\\\\)*\\([DSWB])/;

/** Search terms are regular expressions with or without slashes, read in lower case (spec modules c3). */
function problemsOfSearchTerm({ mapping: { value }, path }: PlacedMapping): Problem[] {
  if (typeof value !== 'string' || value.includes('{{') || value.trim() === '') return [];
  const [, letter] = UPPER_CASE_CLASS.exec(value) ?? [];
  if (letter !== undefined) {
    const why = `Search terms are read in lower case, so "\\${letter}" means "\\${letter.toLowerCase()}", its opposite: write what may stand there as a class, for example [^0-9] for \\D.`;
    return [{ path, message: why }];
  }
  const [, source = value.trim(), flags = ''] = SEARCH_DELIMITED.exec(value.trim().toLowerCase()) ?? [];
  const never = whyNeverMatches(source, flags);
  return never === undefined ? [] : [{ path, message: messageFor(value, never) }];
}

import type { Sliced } from '../lib/slices.ts';
import { compileTemplate } from '../templates/compile-template.ts';
import { parsePath } from '../variables/property-path.ts';
import type { FlowSites, Moment, TextSite } from './flow-sites.ts';

/** One variable where it is read. */
export interface VariableRead extends Moment {
  path: string;
  /** `['lead', 'phone_1', 'area']` */
  segments: readonly string[];
}

/**
 * The variables of the lead that rules and templates read. Mappings of sources are left out, because what will be
 * submitted is not known; so is a text that does not parse, which keeps the flow from running anyway.
 */
export function* findReads(sites: FlowSites): Sliced<VariableRead[]> {
  const found: VariableRead[] = [];
  for (const site of sites.texts) {
    if (site.reads !== 'lead') continue;
    for (const variable of listVariables(site)) {
      const parsed = parsePath(variable);
      if (!parsed.ok || parsed.value.length === 0) continue;
      const { path, stepsBefore, reads } = site;
      found.push({ path, stepsBefore, reads, segments: parsed.value.map(String) });
    }
    yield;
  }
  return found;
}

function listVariables({ text, isLeftSide }: TextSite): readonly string[] {
  if (isLeftSide && !text.includes('{{')) return [text.trim()];
  const template = compileTemplate(text);
  return template.ok ? template.value.variables : [];
}

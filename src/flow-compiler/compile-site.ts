import { type CapProgram, type CompiledCap, compileCapsInSlices } from '../caps/compile-caps.ts';
import type { ModuleRegistry } from '../integrations/contract.ts';
import type { Sliced } from '../lib/slices.ts';
import {
  type CompileMappingsOptions,
  compileMappingsInSlices,
  type MappingProgram,
} from '../mappings/compile-mappings.ts';
import type { Cap, PingLimit } from '../model/cap.ts';
import type { Mapping } from '../model/mapping.ts';
import type { Problem } from '../model/problem.ts';
import type { RuleSet } from '../model/rule-set.ts';
import { compileRuleSetInSlices, type RuleProgram } from '../rules/compile-rule-set.ts';
import type { LabelOf } from '../rules/label.ts';
import type { RuleCatalogue } from '../rules/rule-catalogue.ts';
import { compileTemplate, type Template } from '../templates/compile-template.ts';
import { describeTemplateError } from '../templates/template-error.ts';
import type { IsSecretName } from '../variables/secret-names.ts';
import type { FlowContext } from './compiled-flow.ts';

/** What every part of a flow is compiled with, and where its faults go. */
export interface CompileSite {
  context: FlowContext;
  modules: ModuleRegistry;
  labelOf: LabelOf;
  isSecretField: IsSecretName;
  catalogue: RuleCatalogue;
  problems: Problem[];
}

export function rulesAt(site: CompileSite, path: string, ruleSet: RuleSet | null | undefined): Sliced<RuleProgram> {
  const { labelOf, catalogue, problems } = site;
  return compileRuleSetInSlices(ruleSet, { path, labelOf, catalogue, problems });
}

export function capsAt(site: CompileSite, path: string, caps: Cap[] | null | undefined): Sliced<CapProgram> {
  const { labelOf, catalogue, problems, context } = site;
  return compileCapsInSlices(caps, { path, labelOf, catalogue, problems, timeZone: context.account.timeZone });
}

/** Ping limits count as caps without rules do. */
export function* pingLimitsAt(
  site: CompileSite,
  path: string,
  limits: readonly PingLimit[] | null | undefined,
): Sliced<readonly CompiledCap[]> {
  if (!limits || limits.length === 0) return [];
  const program = yield* capsAt(
    site,
    path,
    limits.map((limit) => ({ ...limit, type: 'volume' })),
  );
  return program.caps;
}

export function mappingsAt(
  site: CompileSite,
  path: string,
  mappings: readonly Mapping[],
  { optionalPrefix, forms }: Pick<CompileMappingsOptions, 'optionalPrefix' | 'forms'> = {},
): Sliced<MappingProgram> {
  return compileMappingsInSlices(mappings, {
    path,
    problems: site.problems,
    compileRules: (ruleSet, rulePath) => rulesAt(site, rulePath, ruleSet),
    ...(optionalPrefix === undefined ? {} : { optionalPrefix }),
    ...(forms === undefined ? {} : { forms }),
  });
}

/** A template that does not compile is a problem and renders as nothing. */
export function templateAt(site: CompileSite, path: string, source: string): Template {
  const compiled = compileTemplate(source);
  if (compiled.ok) return compiled.value;
  site.problems.push({ path, message: describeTemplateError(compiled.error) });
  return NOTHING;
}

const NOTHING: Template = { kind: 'literal', source: '', variables: [], evaluate: () => '', render: () => '' };

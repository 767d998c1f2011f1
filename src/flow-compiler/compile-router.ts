import type { InboundModule } from '../integrations/contract.ts';
import type { Sliced } from '../lib/slices.ts';
import type { Account } from '../model/entity.ts';
import type { Problem } from '../model/problem.ts';
import type { RouterDefinition } from '../model/router.ts';
import type { RuleProgram } from '../rules/compile-rule-set.ts';
import { labelOfPath } from '../rules/label.ts';
import { createRuleCatalogue } from '../rules/rule-catalogue.ts';
import { buildSecretNames } from '../variables/secret-names.ts';
import { type CompileDeps, compileFields } from './compile-flow.ts';
import { type CompileSite, rulesAt } from './compile-site.ts';
import { inboundModule } from './compile-source.ts';
import type { CompiledField, FlowContext } from './compiled-flow.ts';

/** A router made ready to run. */
export interface CompiledRouter {
  id: string;
  account: Account;
  /** null: its module is not installed. */
  module: InboundModule | null;
  /** The fields that its rules read, and no others. */
  fields: readonly CompiledField[];
  routes: readonly CompiledRoute[];
}

export interface CompiledRoute {
  id: string;
  flowId: string;
  sourceRef: string;
  rules: RuleProgram;
}

/** What rules of routes may read beside the fields of a lead: there is no flow and no source yet. */
const VARIABLES: readonly string[] = ['submission.timestamp', 'submission.ip', 'random'];

/** Compiled when it is saved and when it is loaded, never for a lead. */
export function* compileRouter(
  router: RouterDefinition & { id: string },
  { context, modules }: CompileDeps,
): Sliced<{ router: CompiledRouter; problems: Problem[] }> {
  const problems: Problem[] = [];
  const site: CompileSite = {
    context,
    modules,
    labelOf: (path) => labelOfPath(path, (id) => context.fieldOf(id)?.name),
    isSecretField: buildSecretNames(context.maskedFieldIds, () => false),
    catalogue: createRuleCatalogue(),
    problems,
  };
  const module = inboundModule(site, { moduleId: router.module_id, path: 'module_id' });
  const routes: CompiledRoute[] = [];
  const fieldIds = new Set<string>();
  for (const [index, route] of router.routes.entries()) {
    const path = `routes.${index}.rule_set`;
    const rules = yield* rulesAt(site, path, route.rule_set);
    for (const variable of rules.variables) {
      const fieldId = findFieldOf(variable, context);
      if (fieldId !== null) fieldIds.add(fieldId);
      else if (!VARIABLES.includes(variable)) problems.push({ path, message: describeUnknown(variable) });
    }
    const [flowId, sourceRef] = [route.flow_id.toLowerCase(), route.source_id];
    routes.push({ id: route.id, flowId, sourceRef, rules });
  }
  const fields = compileFields(site, [...fieldIds]);
  return { router: { id: router.id, account: context.account, module, fields, routes }, problems };
}

/** The field of a path such as `lead.phone_1.area`: the longest name that is one. null: there is none. */
function findFieldOf(variable: string, context: FlowContext): string | null {
  if (!variable.startsWith('lead.')) return null;
  const segments = variable.slice('lead.'.length).split('.');
  for (let length = segments.length; length > 0; length -= 1) {
    const id = segments.slice(0, length).join('.');
    if (context.fieldOf(id) && !context.isDeletedField(id)) return id;
  }
  return null;
}

function describeUnknown(variable: string): string {
  if (variable.startsWith('lead.')) return `There is no field for "${variable}": create it, or correct the name.`;
  return `"${variable}" is not known when a route is chosen: use fields of the lead, ${VARIABLES.join(', ')}.`;
}

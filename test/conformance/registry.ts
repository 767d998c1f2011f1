import { findAppendPrefix } from '../../src/integrations/append-prefix.ts';
import { builtinModules } from '../../src/integrations/builtin-modules.ts';
import { BUILTIN_PACKAGES } from '../../src/integrations/builtin-packages.ts';
import type { IntegrationModule, ModuleVariable } from '../../src/integrations/contract.ts';
import { type Mismatch, mismatches } from './difference.ts';
import { isPendingModule } from './pending-modules.ts';
import { failedCheck, type Suite } from './suite.ts';

/** What the modules are called, which package they are of, and the types of what they take and append. */
export const registrySuites: readonly Suite[] = [
  {
    file: 'module-registry.jsonl',
    isPending,
    check: checkFacts,
    lenient: [
      {
        why: 'steps are configured in the console, not in a page of the package',
        covers: ({ path, expected }) => /has_ui$|editable$/.test(path) && expected === true,
      },
    ],
  },
];

const MODULES = builtinModules([]);

interface Measured {
  module_id: string;
  package: string;
}

function moduleOf(measured: unknown): IntegrationModule | undefined {
  const { module_id: moduleId } = measured as Measured; // an edge: a line of the case file
  return MODULES.find(({ id }) => id === moduleId);
}

function isPending(measured: unknown): boolean {
  return isPendingModule((measured as Measured).module_id, MODULES);
}

function checkFacts(measured: unknown): Mismatch[] {
  const { module_id: moduleId, package: packageId } = measured as Measured;
  const of = BUILTIN_PACKAGES.find(({ id }) => id === packageId);
  const facts = of?.modules.find(({ id }) => id === moduleId);
  const module = moduleOf(measured);
  if (!of || !facts || !module) return failedCheck(`there is no module ${moduleId} in a package ${packageId}`);
  const responseVariables = module.responseVariables ?? [];
  return mismatches(withTypes(measured), {
    package: of.id,
    version: module.version,
    provider: of.provider,
    package_name: of.name,
    has_ui: false,
    module_id: module.id,
    type: module.direction,
    name: facts.name,
    tag: facts.tag,
    integration_type: facts.integrationType,
    style: module.direction === 'outbound' ? module.style : 'request/response',
    has_validate: module.direction === 'outbound',
    env_variables: module.direction === 'outbound' ? (module.envVariables ?? []) : [],
    pingable: module.direction === 'inbound' && module.isPingable,
    editable: false,
    append_prefix: findAppendPrefix(responseVariables),
    declares_timeout: module.requestVariables.some(({ name }) => name === 'timeout_seconds'),
    request_types: typesOf(module.requestVariables),
    response_types: typesOf(responseVariables),
  });
}

/** A variable without a type is a string, unless a standard field has its name (spec modules a4). */
function withTypes(measured: unknown): unknown {
  const { request_types: types, ...rest } = measured as { request_types: Record<string, unknown> }; // a line of the file
  return {
    ...rest,
    request_types: Object.fromEntries(Object.entries(types).map(([name, type]) => [name, type ?? 'string'])),
  };
}

function typesOf(variables: readonly ModuleVariable[]): Record<string, unknown> {
  return Object.fromEntries(variables.map(({ name, type }) => [name, type]));
}

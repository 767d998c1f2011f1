import { findField } from '../../../fields/find-field.ts';
import type { ModuleVariable } from '../../../integrations/contract.ts';
import type { CatalogueModule } from '../../../integrations/package-catalogue.ts';

/** A module as the API answers it (spec modules a1, 5), with the variables it takes and appends. */
export function moduleAnswer({ of, facts, module }: CatalogueModule): Record<string, unknown> {
  return {
    id: module.id,
    type: module.direction,
    tag: facts.tag,
    integration_type: facts.integrationType,
    link: facts.link,
    description: facts.description,
    package: of.id,
    package_version: module.version,
    path: facts.path,
    name: facts.name,
    pingable: module.direction === 'inbound' && module.isPingable,
    env_variables: module.direction === 'outbound' ? (module.envVariables ?? []) : [],
    request_variables: module.requestVariables.map(variableAnswer),
    response_variables: (module.responseVariables ?? []).map(variableAnswer),
  };
}

/** A type that is not declared is that of the standard field of this name, else string (spec modules a4). */
function variableAnswer(variable: ModuleVariable) {
  const { name, type, description, required, default: byDefault, deprecated, examples } = variable;
  return {
    name,
    type: type ?? findField(name, [])?.type ?? 'string',
    description: description ?? null,
    required: required === true,
    default: byDefault,
    deprecated,
    examples,
  };
}

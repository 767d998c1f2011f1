import { findField } from '../../fields/find-field.ts';
import type { ModuleVariable } from '../../integrations/contract.ts';
import type { CatalogueModule, PackageCatalogue } from '../../integrations/package-catalogue.ts';
import { type ApiResult, answer } from '../api.ts';
import { apiError } from '../errors.ts';

export interface ModuleDeps {
  catalogue: PackageCatalogue;
}

const UNKNOWN_MODULE = apiError('not_found', 'There is no such module: GET /modules lists them.');

/** `GET /modules`: what flows can take leads with and deliver them with. */
export async function listModules(
  { catalogue }: ModuleDeps,
  { query }: { query: { type: 'inbound' | 'outbound' | undefined; package: string[] | undefined } },
): Promise<ApiResult> {
  const { type, package: packages } = query;
  const wanted = catalogue
    .modules()
    .filter(({ module }) => type === undefined || module.direction === type)
    .filter(({ of }) => packages === undefined || packages.includes(of.id));
  return answer(200, wanted.map(moduleAnswer));
}

/** `GET /modules/{id}`. */
export async function readModule(
  { catalogue }: ModuleDeps,
  { params }: { params: { id: string } },
): Promise<ApiResult> {
  const found = catalogue.modules().find(({ module }) => module.id === params.id);
  return found ? answer(200, moduleAnswer(found)) : UNKNOWN_MODULE;
}

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

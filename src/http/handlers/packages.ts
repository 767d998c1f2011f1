import type { IntegrationPackage } from '../../integrations/contract.ts';
import type { PackageCatalogue } from '../../integrations/package-catalogue.ts';
import { type ApiResult, answer } from '../api.ts';
import { apiError } from '../errors.ts';
import { moduleAnswer } from './modules.ts';

export interface PackageDeps {
  catalogue: PackageCatalogue;
}

const UNKNOWN_PACKAGE = apiError('not_found', 'There is no such package: GET /packages lists them.');

/** `GET /packages`: the integration packages of this server. */
export async function listPackages({ catalogue }: PackageDeps): Promise<ApiResult> {
  return answer(200, catalogue.packages().map(packageAnswer));
}

/** `GET /packages/{id}`: one of them, with its modules. */
export async function readPackage(
  { catalogue }: PackageDeps,
  { params }: { params: { id: string } },
): Promise<ApiResult> {
  const found = catalogue.packages().find(({ id }) => id === params.id);
  if (!found) return UNKNOWN_PACKAGE;
  const modules = catalogue.modules().filter(({ of }) => of.id === found.id);
  return answer(200, { ...packageAnswer(found), modules: modules.map(moduleAnswer) });
}

/** A package as the API answers it (spec modules a1, 5). */
function packageAnswer(of: IntegrationPackage): Record<string, unknown> {
  return {
    id: of.id,
    provider: of.provider,
    name: of.name,
    description: of.description,
    link: of.link,
    version: of.version,
    repo_url: of.repoUrl,
    paths: of.modules.map(({ path }) => path),
    ui: false,
    built_in: of.isBuiltin,
  };
}

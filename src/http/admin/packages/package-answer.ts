import type { IntegrationPackage } from '../../../integrations/contract.ts';
import { apiError } from '../../errors.ts';

export const UNKNOWN_PACKAGE = apiError('not_found', 'There is no such package: GET /packages lists them.');

/** A package as the API answers it (spec modules a1, 5). */
export function packageAnswer(of: IntegrationPackage): Record<string, unknown> {
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

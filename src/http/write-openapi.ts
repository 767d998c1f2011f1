import { buildOpenApi, type OpenApiFacts } from './build-openapi.ts';
import type { DocumentedRoute } from './route.ts';

let written: { key: string; json: string } | undefined;

/**
 * The OpenAPI document as JSON text. It is built and written once, because a process has one version and one cookie:
 * anybody may ask for it, and building it costs some 10 ms.
 */
export function writeOpenApi(routes: readonly DocumentedRoute[], facts: OpenApiFacts): string {
  const key = JSON.stringify(facts);
  if (written?.key !== key) written = { key, json: JSON.stringify(buildOpenApi(routes, facts)) };
  return written.json;
}

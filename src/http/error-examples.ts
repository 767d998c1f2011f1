import { isJsonObject, type JsonObject } from '../flows/flow-json.ts';
import examples from './error-examples.json' with { type: 'json' };
import type { ErrorCode } from './errors.ts';

/**
 * Error bodies as a server returned them to `test/contract/every-answer.test.ts`, which compares them:
 * `npm run answers:update` writes them again. `shared` holds what most routes return, `routes` what is their own.
 */
interface ErrorExamples {
  shared: Readonly<Record<string, JsonObject>>;
  routes: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
}

const EXAMPLES: ErrorExamples = examples;

/** The body of an error of a route; undefined: it is new, and not written yet. */
export function findErrorExample(routeName: string, code: ErrorCode): JsonObject | undefined {
  const found = EXAMPLES.routes[routeName]?.[code] ?? EXAMPLES.shared[code];
  return isJsonObject(found) ? found : undefined;
}

/** Do most routes return it? Then OpenAPI has it once. */
export function isSharedExample(routeName: string, code: ErrorCode): boolean {
  return EXAMPLES.routes[routeName]?.[code] === undefined && EXAMPLES.shared[code] !== undefined;
}

/** Of `components.examples`. */
export function listSharedExamples(): [string, JsonObject][] {
  return Object.entries(EXAMPLES.shared);
}

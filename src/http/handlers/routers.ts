import type { Principal } from '../../access/principal.ts';
import { compileRouter } from '../../flow-compiler/compile-router.ts';
import { buildContext } from '../../flow-compiler/flow-compiler.ts';
import { loadSurroundings, type SurroundingsDeps } from '../../flows/flow-surroundings.ts';
import { ROUTERS_MAX, type RouterStore } from '../../flows/router-store.ts';
import { findRouterWarnings, findTargetProblems } from '../../flows/router-warnings.ts';
import type { ModuleRegistry } from '../../integrations/contract.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Ids } from '../../lib/ids.ts';
import type { RunSliced } from '../../lib/slices.ts';
import type { Problem } from '../../model/problem.ts';
import type { Router, RouterDefinition } from '../../model/router.ts';
import type { RuleSet } from '../../model/rule-set.ts';
import type { FlowLookup } from '../../pipeline/phase.ts';
import { type ApiResult, answer } from '../api.ts';
import { type ApiError, apiError } from '../errors.ts';
import { invalidDocument } from '../read-body.ts';

export interface RouterDeps extends SurroundingsDeps {
  routers: RouterStore;
  modules: ModuleRegistry;
  findFlow(flowId: string): FlowLookup;
  runSliced: RunSliced;
  ids: Ids;
  clock: Pick<Clock, 'now'>;
}

/** A router as a client sends it; its shape has been checked. */
export interface GivenRouter {
  name?: string | null;
  module_id?: string;
  routes: readonly { id?: string; flow_id: string; source_id: string; rule_set?: unknown }[];
}

interface RouterRequest {
  principal: Principal;
  params: { id: string };
}

const UNKNOWN_ROUTER = apiError('not_found', 'There is no router with this id.');
const TOO_MANY = invalidDocument(
  [{ path: '', message: `An account has at most ${ROUTERS_MAX} routers: change one instead.` }],
  'The router cannot be made; details says why.',
);
const DEFAULT_MODULE = 'leadconduit-default.inbound';

/** `GET /routers`. */
export async function listRouters(
  deps: Pick<RouterDeps, 'routers' | 'findFlow'>,
  { principal }: { principal: Principal },
): Promise<ApiResult> {
  const routers = await deps.routers.list(principal.accountId);
  return answer(
    200,
    routers.map((router) => describeRouter(router, { principal, deps })),
  );
}

/** `POST /routers`. */
export async function createRouter(
  deps: RouterDeps,
  { principal, body }: { principal: Principal; body: GivenRouter },
): Promise<ApiResult> {
  const routerId = deps.ids.next();
  const definition = completeRouter(body, { ids: deps.ids });
  const refusal = await findRefusal(definition, { routerId, principal, deps });
  if (refusal) return refusal;
  const { accountId } = principal;
  const made = await deps.routers.insert({ accountId, routerId }, { definition, now: deps.clock.now() });
  return made ? answer(201, describeRouter(made, { principal, deps })) : TOO_MANY;
}

/** `GET /routers/{id}`. */
export async function readRouter(
  deps: Pick<RouterDeps, 'routers' | 'findFlow'>,
  { principal, params }: RouterRequest,
): Promise<ApiResult> {
  const found = await deps.routers.find({ accountId: principal.accountId, routerId: params.id });
  return found ? answer(200, describeRouter(found, { principal, deps })) : UNKNOWN_ROUTER;
}

/** `PUT /routers/{id}`: leads follow at once. Without routes it takes none. */
export async function replaceRouter(
  deps: RouterDeps,
  { principal, params, body }: RouterRequest & { body: GivenRouter },
): Promise<ApiResult> {
  const definition = completeRouter(body, { ids: deps.ids });
  const key = { accountId: principal.accountId, routerId: params.id };
  if (!(await deps.routers.find(key))) return UNKNOWN_ROUTER;
  const refusal = await findRefusal(definition, { routerId: params.id, principal, deps });
  if (refusal) return refusal;
  const replaced = await deps.routers.replace(key, { definition, now: deps.clock.now() });
  return replaced ? answer(200, describeRouter(replaced, { principal, deps })) : UNKNOWN_ROUTER;
}

function completeRouter({ name, module_id, routes }: GivenRouter, { ids }: { ids: Ids }): RouterDefinition {
  return {
    name: name?.trim() || null,
    module_id: module_id ?? DEFAULT_MODULE,
    routes: routes.map(({ id, flow_id, source_id, rule_set: rules }) => ({
      id: id ?? ids.short(),
      flow_id: flow_id.toLowerCase(),
      source_id: source_id.length === SHORT_ID_LENGTH ? source_id : source_id.toLowerCase(),
      // The compiler takes nothing of it for granted.
      rule_set: (rules ?? null) as RuleSet | null,
    })),
  };
}

const SHORT_ID_LENGTH = 6;

/** Rules that cannot run and places that are not there; an error lists all of them. */
async function findRefusal(
  definition: RouterDefinition,
  { routerId, principal, deps }: { routerId: string; principal: Principal; deps: RouterDeps },
): Promise<ApiError | null> {
  const { accountId } = principal;
  const surroundings = await loadSurroundings(deps, accountId);
  const context = buildContext(surroundings, { revision: 0 });
  const { modules } = deps;
  const compiled = await deps.runSliced(compileRouter({ ...definition, id: routerId }, { context, modules }));
  const problems: Problem[] = [
    ...compiled.problems,
    ...findTargetProblems(definition, { accountId, findFlow: deps.findFlow }),
    ...findDoubles(definition),
  ];
  if (problems.length === 0) return null;
  return invalidDocument(problems.slice(0, PROBLEMS_MAX), 'The router is not valid; details says where.');
}

const PROBLEMS_MAX = 100;

function findDoubles({ routes }: RouterDefinition): Problem[] {
  return routes.flatMap(({ id }, index) =>
    routes.findIndex((each) => each.id === id) < index
      ? [{ path: `routes.${index}.id`, message: 'Another route has this id: leave it out, and it gets one.' }]
      : [],
  );
}

function describeRouter(
  router: Router,
  { principal, deps }: { principal: Principal; deps: Pick<RouterDeps, 'findFlow'> },
): Record<string, unknown> {
  const warnings = findRouterWarnings(router, { accountId: principal.accountId, findFlow: deps.findFlow });
  return { ...router, submit_path: `/routers/${router.id}/submit`, warnings };
}

import { parseValue, plainInput } from '../field-types/parse-value.ts';
import { instantValue } from '../field-types/time.ts';
import type { CompiledRoute, CompiledRouter } from '../flow-compiler/compile-router.ts';
import type { HttpAnswer, InboundRequest } from '../integrations/contract.ts';
import type { Random } from '../lib/ids.ts';
import type { EvaluationContext, Vars } from '../model/vars.ts';
import { assignBeside } from '../variables/branched-value.ts';
import { cleanValues } from '../variables/clean-values.ts';

/** What becomes of a submission to a router. */
export type RouteChoice =
  | { kind: 'route'; route: CompiledRoute }
  /** No route takes it: its sender gets this, and nothing is stored. */
  | { kind: 'none'; answer: HttpAnswer }
  /** The module of the router answered by itself. */
  | { kind: 'answer'; answer: HttpAnswer };

export const NO_ROUTE_REASON = 'No route of this router matches the lead';

/**
 * The first route whose rules the lead passes (decision page 0089). The router's module reads the request, and of what it
 * reads only the fields of the rules are parsed. A source's mappings come later: rules see what was submitted.
 */
export async function chooseRoute(
  router: CompiledRouter,
  { request, ip, random }: { request: InboundRequest; ip: string; random: Random },
): Promise<RouteChoice> {
  const { module } = router;
  if (!module)
    return { kind: 'none', answer: writeStandard('error', 'The integration of this router is not installed') };
  const read = await module.request(request);
  if (!read.ok) return { kind: 'answer', answer: read.error };
  const ctx: EvaluationContext = { now: request.timestamp, timeZone: router.account.timeZone, random };
  const vars = buildVars(router, { values: cleanValues(read.value).values, ip, ctx });
  const route = router.routes.find(({ rules }) => rules.evaluate(vars, ctx).passed);
  if (route) return { kind: 'route', route };
  return { kind: 'none', answer: await writeNone(router, request) };
}

function buildVars(
  { fields }: CompiledRouter,
  { values, ip, ctx }: { values: Record<string, unknown>; ip: string; ctx: EvaluationContext },
): Vars {
  const lead: Record<string, unknown> = {};
  for (const { type, segments, submitted } of fields) {
    const given = submitted(values);
    if (given === undefined) continue;
    assignBeside(lead, segments, type === 'array' ? given : parseValue(type, plainInput(given), ctx));
  }
  const random = 1 + Math.floor(ctx.random() * 100);
  return { lead, random, submission: { timestamp: instantValue(ctx.now), ip } };
}

/** In the sender's format, as a ping is refused: nothing was created, and there is no lead to name. */
async function writeNone({ id, module }: CompiledRouter, request: InboundRequest): Promise<HttpAnswer> {
  const uri = `/routers/${id}/ping${request.uri.includes('?') ? request.uri.slice(request.uri.indexOf('?')) : ''}`;
  const vars = { lead: {}, outcome: 'failure', reason: NO_ROUTE_REASON, price: 0, appended: {} };
  try {
    const answer = module?.isPingable === true ? await module.response({ ...request, uri }, vars) : undefined;
    return answer ?? writeStandard('failure', NO_ROUTE_REASON);
  } catch {
    // The module is the sender's own choice of a format; without it the standard one says the same.
    return writeStandard('failure', NO_ROUTE_REASON);
  }
}

function writeStandard(outcome: string, reason: string): HttpAnswer {
  const body = JSON.stringify({ outcome, reason, price: 0 });
  return { status: 200, headers: { 'Content-Type': 'application/json' }, body };
}

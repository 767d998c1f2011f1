import type { Problem } from '../model/problem.ts';
import type { RouterDefinition } from '../model/router.ts';
import type { FlowLookup } from '../pipeline/phase.ts';

/** Why leads cannot go where a route sends them, by the path in the router. */
export function findTargetProblems(
  { routes }: Pick<RouterDefinition, 'routes'>,
  { accountId, findFlow }: { accountId: string; findFlow(flowId: string): FlowLookup },
): Problem[] {
  return routes.flatMap(({ flow_id: flowId, source_id: sourceId }, index): Problem[] => {
    const found = findFlow(flowId.toLowerCase());
    if (found.kind === 'stale')
      return [{ path: `routes.${index}.flow_id`, message: 'The flow is being loaded: try again in a moment.' }];
    if (found.kind === 'missing' || found.flow.account.id !== accountId)
      return [{ path: `routes.${index}.flow_id`, message: 'There is no such flow, or it has not been deployed.' }];
    const source = found.flow.sources.get(sourceId) ?? found.flow.sources.get(sourceId.toLowerCase());
    if (!source) return [{ path: `routes.${index}.source_id`, message: 'The flow, as deployed, has no such source.' }];
    return [];
  });
}

/** What in a router works, and is probably not meant. */
export function findRouterWarnings(
  router: Pick<RouterDefinition, 'routes'>,
  deps: { accountId: string; findFlow(flowId: string): FlowLookup },
): Problem[] {
  const { routes } = router;
  const catchAll = routes.findIndex(({ rule_set: rules }) => !rules || rules.rules.length === 0);
  return [
    ...findTargetProblems(router, deps),
    ...findSwitchedOff(router, deps),
    ...(catchAll === -1
      ? [
          {
            path: 'routes',
            message:
              'A lead that passes the rules of no route is refused and not stored: let the last route have no rules.',
          },
        ]
      : []),
    ...routes.flatMap((_, index) =>
      catchAll !== -1 && index > catchAll
        ? [{ path: `routes.${index}`, message: `No lead comes here: route ${catchAll + 1} takes every lead.` }]
        : [],
    ),
  ];
}

function findSwitchedOff(
  { routes }: Pick<RouterDefinition, 'routes'>,
  { findFlow }: { findFlow(flowId: string): FlowLookup },
): Problem[] {
  return routes.flatMap(({ flow_id: flowId, source_id: sourceId }, index): Problem[] => {
    const found = findFlow(flowId.toLowerCase());
    if (found.kind !== 'found') return [];
    if (!found.flow.isEnabled) return [{ path: `routes.${index}.flow_id`, message: 'The flow is switched off.' }];
    const source = found.flow.sources.get(sourceId) ?? found.flow.sources.get(sourceId.toLowerCase());
    return source?.isEnabled === false
      ? [{ path: `routes.${index}.source_id`, message: 'The source is switched off.' }]
      : [];
  });
}

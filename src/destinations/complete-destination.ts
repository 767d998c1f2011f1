import type { Ids } from '../lib/ids.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import type { Destination, DestinationAction } from './destination.ts';

/** What is given of a destination; its shape has been checked. */
export interface GivenDestination {
  name: string;
  integration_name?: string;
  integration_icon_url?: string;
  actions: GivenAction[];
}

interface GivenAction {
  name: string;
  action_id?: string;
  webhook_url: string;
}

const DEFAULT_INTEGRATION_NAME = 'Webhook';

export interface CompleteOptions {
  instanceId: string;
  ids: Pick<Ids, 'short'>;
  /** Why a URL cannot be posted to; undefined: it can. */
  urlProblem(url: string): string | undefined;
}

/**
 * Returns the destination with what was left out; an action without an id gets a new one. The error lists every URL that
 * cannot be posted to and every id that is there twice.
 */
export function completeDestination(given: GivenDestination, options: CompleteOptions): Result<Destination, Problem[]> {
  const icon = given.integration_icon_url ?? '';
  const actions = given.actions.map((action) => completeAction(action, options));
  const problems = [
    ...(icon === '' || URL.canParse(icon)
      ? []
      : [{ path: 'integration_icon_url', message: 'Must be a URL, or left out.' }]),
    ...actions.flatMap((action, index) => findActionProblems(action, { index, actions, options })),
  ];
  if (problems.length > 0) return fail(problems);
  return ok({
    instance_id: options.instanceId,
    name: given.name.trim(),
    integration_name: given.integration_name?.trim() ?? DEFAULT_INTEGRATION_NAME,
    integration_icon_url: icon,
    actions,
  });
}

function completeAction({ name, action_id, webhook_url }: GivenAction, { ids }: CompleteOptions): DestinationAction {
  return { name: name.trim(), action_id: action_id ?? ids.short(), webhook_url: webhook_url.trim() };
}

function findActionProblems(
  { action_id, webhook_url }: DestinationAction,
  { index, actions, options }: { index: number; actions: readonly DestinationAction[]; options: CompleteOptions },
): Problem[] {
  const path = `actions.${index}`;
  const isTaken = actions.slice(0, index).some((other) => other.action_id === action_id);
  const problem = options.urlProblem(webhook_url);
  // Braces would be read as a template.
  const isRefused = problem !== undefined || webhook_url.includes('{{');
  return [
    ...(isTaken ? [{ path: `${path}.action_id`, message: 'Another action has this id.' }] : []),
    ...(isRefused ? [{ path: `${path}.webhook_url`, message: `${problem ?? 'URL must be valid'}.` }] : []),
  ];
}

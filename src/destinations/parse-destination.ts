import type { Ids } from '../lib/ids.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import type { Destination, DestinationAction } from './destination.ts';

export const ACTIONS_MAX = 50;
const TEXT_CHARACTERS_MAX = 200;
const URL_CHARACTERS_MAX = 2_000;
/** What is read-only is taken and left aside, so that an answer can be sent back changed. */
const KNOWN = ['instance_id', 'name', 'integration_name', 'integration_icon_url', 'actions', 'flow_usages', 'secret'];
const DEFAULT_INTEGRATION_NAME = 'Webhook';

export interface ParseOptions {
  instanceId: string;
  ids: Ids;
  /** Why a URL cannot be posted to; undefined: it can. */
  urlProblem(url: string): string | undefined;
}

/** A destination from the body of a request; an action without an id gets a new one. All that is wrong is told. */
export function parseDestination(body: unknown, options: ParseOptions): Result<Destination, Problem[]> {
  if (!isObject(body))
    return fail([{ path: '', message: 'Must be an object such as {"name": "CRM", "actions": [...]}.' }]);
  const problems: Problem[] = Object.keys(body)
    .filter((name) => !KNOWN.includes(name))
    .map((path) => ({ path, message: `Is not known here; there are ${KNOWN.join(', ')}.` }));
  const name = textAt(body['name'], { path: 'name', problems });
  const integrationName = body['integration_name'] ?? DEFAULT_INTEGRATION_NAME;
  const icon = body['integration_icon_url'] ?? '';
  if (typeof icon !== 'string' || icon.length > URL_CHARACTERS_MAX || (icon !== '' && !URL.canParse(icon))) {
    problems.push({ path: 'integration_icon_url', message: 'Must be a URL, or left out.' });
  }
  const actions = parseActions(body['actions'], { ...options, problems });
  const destination: Destination = {
    instance_id: options.instanceId,
    name,
    integration_name: textAt(integrationName, { path: 'integration_name', problems }),
    integration_icon_url: typeof icon === 'string' ? icon : '',
    actions,
  };
  return problems.length > 0 ? fail(problems) : ok(destination);
}

function parseActions(value: unknown, at: ParseOptions & { problems: Problem[] }): DestinationAction[] {
  const { problems, ids } = at;
  if (!Array.isArray(value) || value.length === 0 || value.length > ACTIONS_MAX) {
    problems.push({ path: 'actions', message: `Must be a list of 1 to ${ACTIONS_MAX} actions.` });
    return [];
  }
  const met = new Set<string>();
  return value.map((action: unknown, index): DestinationAction => {
    const path = `actions.${index}`;
    const given = isObject(action) ? action : {};
    if (!isObject(action)) problems.push({ path, message: 'Must be an object with name and webhook_url.' });
    const id = given['action_id'] ?? ids.short();
    const actionId = typeof id === 'string' && ACTION_ID.test(id) ? id : '';
    if (actionId === '') problems.push({ path: `${path}.action_id`, message: 'Must be letters, digits, _ or -.' });
    if (met.has(actionId)) problems.push({ path: `${path}.action_id`, message: 'Is the id of another action.' });
    met.add(actionId);
    return {
      name: textAt(given['name'], { path: `${path}.name`, problems }),
      action_id: actionId,
      webhook_url: urlAt(given['webhook_url'], { ...at, path: `${path}.webhook_url` }),
    };
  });
}

/** Part of the step id that its events carry. */
const ACTION_ID = /^[A-Za-z0-9_-]{1,64}$/;

function urlAt(value: unknown, at: ParseOptions & { path: string; problems: Problem[] }): string {
  const { path, problems, urlProblem } = at;
  const url = typeof value === 'string' && value.length <= URL_CHARACTERS_MAX ? value.trim() : '';
  const problem = urlProblem(url);
  // Braces would be read as a template.
  if (problem !== undefined || url.includes('{{'))
    problems.push({ path, message: `${problem ?? 'URL must be valid'}.` });
  return url;
}

function textAt(value: unknown, at: { path: string; problems: Problem[] }): string {
  const text = typeof value === 'string' ? value.trim() : '';
  if (text === '' || text.length > TEXT_CHARACTERS_MAX) {
    at.problems.push({ path: at.path, message: `Must be a text of 1 to ${TEXT_CHARACTERS_MAX} characters.` });
  }
  return text;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import type { Sliced } from '../lib/slices.ts';
import type { Destination, FlowDocument, RecipientStep } from '../model/flow.ts';
import type { Mapping } from '../model/mapping.ts';
import type { CompileSite } from './compile-site.ts';
import { compileRecipientStep } from './compile-steps.ts';
import type { CompiledField, CompiledRecipient, CompiledStep, LiveDestination } from './compiled-flow.ts';

const WEBHOOK = 'sluice.outbound.webhook';
/** What the document of the step shows in the place of the key. */
const KEY_SHOWN = '********';

/**
 * The destinations of a flow as the recipients they are: one for each action, run after the steps (decision 35). Their
 * URL and key are those of the destination as it is now. Documents carry the lead's fields but the masked ones, what
 * each step appended, flow, source, submission and price.
 */
export function* compileDestinations(
  site: CompileSite,
  at: { document: FlowDocument; fields: readonly CompiledField[]; steps: readonly CompiledStep[] },
): Sliced<CompiledRecipient[]> {
  const met = new Set<string | undefined>();
  const compiled: CompiledRecipient[] = [];
  for (const [index, named] of (at.document.destinations ?? []).entries()) {
    const path = `destinations.${index}`;
    if (met.has(named.instance_id)) site.problems.push({ path: `${path}.instance_id`, message: TWICE });
    else compiled.push(...(yield* compileDestination(site, { ...at, named, path })));
    met.add(named.instance_id);
  }
  return compiled;
}

function* compileDestination(
  site: CompileSite,
  at: { named: Destination; path: string; fields: readonly CompiledField[]; steps: readonly CompiledStep[] },
): Sliced<CompiledRecipient[]> {
  const { named, path } = at;
  const live = site.context.destinations.get(named.instance_id ?? '');
  if (!live) {
    const message = 'There is no destination with this instance_id: GET /destinations lists them.';
    site.problems.push({ path: `${path}.instance_id`, message });
    return [];
  }
  // A destination without a choice of actions gets the lead by all it has.
  const chosen = named.actions ?? live.actions;
  const met = new Set<string | undefined>();
  const compiled: CompiledRecipient[] = [];
  for (const [index, action] of chosen.entries()) {
    const found = live.actions.find((each) => each.action_id === action.action_id);
    const message = met.has(action.action_id) ? TWICE : found ? undefined : unknownAction(live);
    met.add(action.action_id);
    if (message !== undefined) site.problems.push({ path: `${path}.actions.${index}.action_id`, message });
    if (found && message === undefined) compiled.push(yield* compileAction(site, { ...at, live, action: found }));
  }
  return compiled;
}

/** The lead would be sent twice, under one step id. */
const TWICE = 'The action is listed twice: remove one.';

function unknownAction({ name, actions }: LiveDestination): string {
  return `"${name}" has no action with this id; it has ${actions.map((each) => each.action_id).join(', ')}.`;
}

function* compileAction(
  site: CompileSite,
  at: {
    live: LiveDestination;
    action: LiveDestination['actions'][number];
    path: string;
    fields: readonly CompiledField[];
    steps: readonly CompiledStep[];
  },
): Sliced<CompiledRecipient> {
  const { live, action, path } = at;
  const mappings = [{ property: 'url', value: action.webhook_url }, ...payloadMappings(at)];
  const step: RecipientStep = {
    id: destinationStepId(live.instanceId, action.action_id),
    type: 'recipient',
    entity: { id: live.instanceId, name: live.name },
    integration: { module_id: WEBHOOK, mappings: [...mappings, { property: 'secret', value: KEY_SHOWN }] },
    key: `destination_${live.instanceId}_${action.action_id.toLowerCase().replace(/[^a-z0-9]+/g, '_')}`,
    // A webhook's id identifies a repeated document, so one that failed or may have arrived can be sent again.
    retry_enabled: true,
    idempotent: true,
  };
  const secret = { property: 'secret', value: live.secret ?? '' };
  return {
    ...(yield* compileRecipientStep(site, { step, path, mappings: [...mappings, secret] })),
    seesSecrets: false,
  };
}

/** Of the events of one action of a destination. */
export function destinationStepId(instanceId: string, actionId: string): string {
  return `${instanceId}.${actionId}`;
}

function payloadMappings(at: { fields: readonly CompiledField[]; steps: readonly CompiledStep[] }): Mapping[] {
  const fields = at.fields.filter((field) => field.mask === null).map(({ id }) => id);
  const keys = new Set(at.steps.flatMap((step) => (step.kind === 'recipient' && step.key !== '' ? [step.key] : [])));
  return [
    ...['id', ...fields].map((id) => ({ property: `payload.lead.${id}`, value: `{{lead.${id}}}` })),
    ...['flow.id', 'flow.name', 'source.id', 'source.name', 'submission.timestamp'].map(sameName),
    // Who was stopped does not get here.
    { property: 'payload.outcome', value: 'success' },
    ...['price', 'recipient.id', 'recipient.name'].map(sameName),
    ...[...keys].map((key) => ({ property: `payload.appended.${key}`, value: `{{${key}}}` })),
  ];
}

function sameName(path: string): Mapping {
  return { property: `payload.${path}`, value: `{{${path}}}` };
}

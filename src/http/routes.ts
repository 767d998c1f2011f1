import { FLOW_SCHEMA_PATH } from '../flows/build-flow-schema.ts';
import { createDestination } from './admin/destinations/create.ts';
import { listDestinations } from './admin/destinations/list.ts';
import { readDestination } from './admin/destinations/read.ts';
import { removeDestination } from './admin/destinations/remove.ts';
import { replaceDestination } from './admin/destinations/replace.ts';
import { rotateDestinationSecret } from './admin/destinations/rotate-secret.ts';
import { listEvents, searchEvents } from './admin/events/list.ts';
import { readEvent } from './admin/events/read.ts';
import { createField } from './admin/fields/create.ts';
import { listFields } from './admin/fields/list.ts';
import { readField } from './admin/fields/read.ts';
import { removeField } from './admin/fields/remove.ts';
import { replaceField } from './admin/fields/replace.ts';
import { createFlow } from './admin/flows/create.ts';
import { deployFlow } from './admin/flows/deploy.ts';
import { evaluateFlow } from './admin/flows/evaluate.ts';
import { countFieldUsage } from './admin/flows/field-usage.ts';
import { listFlowFields } from './admin/flows/fields.ts';
import { listFlows } from './admin/flows/list.ts';
import { readFlow } from './admin/flows/read.ts';
import { removeFlow } from './admin/flows/remove.ts';
import { replaceFlow } from './admin/flows/replace.ts';
import { replaceAllFlows } from './admin/flows/replace-all.ts';
import { readSourceMeta } from './admin/flows/source-meta.ts';
import { testStep } from './admin/flows/test-step.ts';
import { explainLead } from './admin/leads/explain.ts';
import { listLeads } from './admin/leads/list.ts';
import { readLead } from './admin/leads/read.ts';
import { resubmit } from './admin/leads/resubmit.ts';
import { listModules } from './admin/modules/list.ts';
import { readModule } from './admin/modules/read.ts';
import { listPackages } from './admin/packages/list.ts';
import { readPackage } from './admin/packages/read.ts';
import { closeCircuit } from './admin/recipients/close-circuit.ts';
import { listRecipientHealth } from './admin/recipients/list-health.ts';
import { cancelRetry } from './admin/retries/cancel.ts';
import { listRetries } from './admin/retries/list.ts';
import { readRetry } from './admin/retries/read.ts';
import { runRetry } from './admin/retries/run.ts';
import { evaluateRules } from './admin/rules/evaluate.ts';
import { readFlowSchema } from './admin/schemas/flow.ts';
import { readStatus } from './admin/status/read.ts';
import { renderTemplate } from './admin/templates/render.ts';
import { listTypes } from './admin/types/list.ts';
import { listUnknowns } from './admin/unknowns/list.ts';
import { resolveUnknownDelivery } from './admin/unknowns/resolve.ts';
import type { Handler, PublicHandler } from './api.ts';

interface RouteBase {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `:name` stands for one segment. */
  path: string;
  /** Larger than the default where documents are. */
  bodyBytesMax?: number;
  /** The parameters it takes; `by-handler`: the handler refuses those it does not know. Absent: none. */
  query?: readonly string[] | 'by-handler';
  /** It is posted without a body. GET and DELETE never have one. */
  takesNoBody?: true;
  /** `If-Match` names the revision the caller means (decision 50). */
  hasRevisions?: true;
}

/** Who may ask: anybody, whoever has an API key, or whoever has one of a superuser (decision 42). */
export type Route =
  | (RouteBase & { auth: 'public'; handler: PublicHandler })
  | (RouteBase & { auth: 'key' | 'superuser'; handler: Handler });

const FLOW_BYTES_MAX = 4 * 1024 * 1024;
/** A flow and a lead. */
const EVALUATION_BYTES_MAX = 6 * 1024 * 1024;
const FLOWS_BYTES_MAX = 64 * 1024 * 1024;

/** Every route of the API beside those of leads (`ingest/`), in the order of the reference (spec api 1). */
export const ROUTES: readonly Route[] = [
  { method: 'GET', path: '/flows', query: ['include', 'exclude'], auth: 'key', handler: listFlows },
  { method: 'POST', path: '/flows', auth: 'key', handler: createFlow, bodyBytesMax: FLOW_BYTES_MAX },
  { method: 'PUT', path: '/flows', auth: 'superuser', handler: replaceAllFlows, bodyBytesMax: FLOWS_BYTES_MAX },
  { method: 'GET', path: '/flows/:id', query: ['include', 'exclude'], auth: 'key', handler: readFlow },
  {
    method: 'PUT',
    path: '/flows/:id',
    hasRevisions: true,
    auth: 'key',
    handler: replaceFlow,
    bodyBytesMax: FLOW_BYTES_MAX,
  },
  { method: 'DELETE', path: '/flows/:id', hasRevisions: true, auth: 'key', handler: removeFlow },
  {
    method: 'POST',
    path: '/flows/:id/deploy',
    takesNoBody: true,
    hasRevisions: true,
    auth: 'key',
    handler: deployFlow,
  },
  {
    method: 'POST',
    path: '/flows/:id/evaluate',
    auth: 'key',
    handler: evaluateFlow,
    bodyBytesMax: EVALUATION_BYTES_MAX,
  },
  { method: 'GET', path: '/flows/:id/fields', auth: 'key', handler: listFlowFields },
  { method: 'GET', path: '/flows/:id/fields/usage', query: ['timeframe'], auth: 'key', handler: countFieldUsage },
  { method: 'GET', path: '/flows/:flow_id/sources/:source_id/meta', auth: 'key', handler: readSourceMeta },
  { method: 'POST', path: '/flows/:flow_id/sources/:source_id/test_step', auth: 'key', handler: testStep },
  { method: 'GET', path: '/destinations', query: 'by-handler', auth: 'key', handler: listDestinations },
  { method: 'POST', path: '/destinations', auth: 'key', handler: createDestination },
  { method: 'GET', path: '/destinations/:id', auth: 'key', handler: readDestination },
  { method: 'PUT', path: '/destinations/:id', auth: 'key', handler: replaceDestination },
  { method: 'DELETE', path: '/destinations/:id', auth: 'key', handler: removeDestination },
  {
    method: 'POST',
    path: '/destinations/:id/rotate_secret',
    takesNoBody: true,
    auth: 'key',
    handler: rotateDestinationSecret,
  },
  { method: 'POST', path: '/rules/evaluate', auth: 'key', handler: evaluateRules },
  { method: 'POST', path: '/templates/render', auth: 'key', handler: renderTemplate },
  { method: 'GET', path: '/events', query: 'by-handler', auth: 'key', handler: listEvents },
  { method: 'POST', path: '/events', auth: 'key', handler: searchEvents },
  { method: 'GET', path: '/events/:id', auth: 'key', handler: readEvent },
  { method: 'GET', path: '/leads', query: 'by-handler', auth: 'key', handler: listLeads },
  { method: 'POST', path: '/leads/resubmit', auth: 'key', handler: resubmit },
  { method: 'GET', path: '/leads/:id', auth: 'key', handler: readLead },
  { method: 'GET', path: '/leads/:id/explain', auth: 'key', handler: explainLead },
  { method: 'GET', path: '/retries', query: 'by-handler', auth: 'key', handler: listRetries },
  { method: 'GET', path: '/retries/:id', auth: 'key', handler: readRetry },
  { method: 'POST', path: '/retries/:id/run', takesNoBody: true, auth: 'key', handler: runRetry },
  { method: 'POST', path: '/retries/:id/cancel', takesNoBody: true, auth: 'key', handler: cancelRetry },
  { method: 'GET', path: '/unknowns', query: 'by-handler', auth: 'key', handler: listUnknowns },
  { method: 'POST', path: '/unknowns/:event_id/resolve', auth: 'key', handler: resolveUnknownDelivery },
  { method: 'GET', path: '/recipients/health', auth: 'key', handler: listRecipientHealth },
  { method: 'POST', path: '/recipients/:id/close_circuit', takesNoBody: true, auth: 'key', handler: closeCircuit },
  { method: 'GET', path: '/fields', query: ['flow_id'], auth: 'key', handler: listFields },
  { method: 'POST', path: '/fields', auth: 'key', handler: createField },
  { method: 'GET', path: '/fields/:id', auth: 'key', handler: readField },
  { method: 'PUT', path: '/fields/:id', auth: 'key', handler: replaceField },
  { method: 'DELETE', path: '/fields/:id', auth: 'key', handler: removeField },
  { method: 'GET', path: '/packages', auth: 'key', handler: listPackages },
  { method: 'GET', path: '/packages/:id', auth: 'key', handler: readPackage },
  { method: 'GET', path: '/modules', query: 'by-handler', auth: 'key', handler: listModules },
  { method: 'GET', path: '/modules/:id', auth: 'key', handler: readModule },
  { method: 'GET', path: '/types', auth: 'key', handler: listTypes },
  { method: 'GET', path: FLOW_SCHEMA_PATH, auth: 'public', handler: readFlowSchema },
  { method: 'GET', path: '/status', auth: 'public', handler: readStatus },
];

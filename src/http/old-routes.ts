import { createDestination } from './admin/destinations/create.ts';
import { listDestinations } from './admin/destinations/list.ts';
import { readDestination } from './admin/destinations/read.ts';
import { removeDestination } from './admin/destinations/remove.ts';
import { replaceDestination } from './admin/destinations/replace.ts';
import { rotateDestinationSecret } from './admin/destinations/rotate-secret.ts';
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
import { renderTemplate } from './admin/templates/render.ts';
import { listTypes } from './admin/types/list.ts';
import { listUnknowns } from './admin/unknowns/list.ts';
import { resolveUnknownDelivery } from './admin/unknowns/resolve.ts';
import { type OldRow, oldRoute } from './old-route.ts';

const FLOW_BYTES_MAX = 4 * 1024 * 1024;
/** A flow and a lead. */
const EVALUATION_BYTES_MAX = 6 * 1024 * 1024;
const FLOWS_BYTES_MAX = 64 * 1024 * 1024;

/** Routes that wait to become rows of `routes/<resource>.ts`. */
export const OLD_ROUTES = (
  [
    { method: 'GET', path: '/flows', query: ['include', 'exclude'], permission: 'flows.read', handler: listFlows },
    { method: 'POST', path: '/flows', permission: 'flows.write', handler: createFlow, bodyBytesMax: FLOW_BYTES_MAX },
    {
      method: 'PUT',
      path: '/flows',
      permission: 'flows.replace_all',
      handler: replaceAllFlows,
      bodyBytesMax: FLOWS_BYTES_MAX,
    },
    { method: 'GET', path: '/flows/:id', query: ['include', 'exclude'], permission: 'flows.read', handler: readFlow },
    {
      method: 'PUT',
      path: '/flows/:id',
      hasRevisions: true,
      permission: 'flows.write',
      handler: replaceFlow,
      bodyBytesMax: FLOW_BYTES_MAX,
    },
    { method: 'DELETE', path: '/flows/:id', hasRevisions: true, permission: 'flows.write', handler: removeFlow },
    {
      method: 'POST',
      path: '/flows/:id/deploy',
      takesNoBody: true,
      hasRevisions: true,
      permission: 'flows.deploy',
      handler: deployFlow,
    },
    {
      method: 'POST',
      path: '/flows/:id/evaluate',
      permission: 'flows.read',
      handler: evaluateFlow,
      bodyBytesMax: EVALUATION_BYTES_MAX,
    },
    { method: 'GET', path: '/flows/:id/fields', permission: 'flows.read', handler: listFlowFields },
    {
      method: 'GET',
      path: '/flows/:id/fields/usage',
      query: ['timeframe'],
      permission: 'flows.read',
      handler: countFieldUsage,
    },
    {
      method: 'GET',
      path: '/flows/:flow_id/sources/:source_id/meta',
      permission: 'flows.read',
      handler: readSourceMeta,
    },
    {
      method: 'POST',
      path: '/flows/:flow_id/sources/:source_id/test_step',
      permission: 'leads.test',
      handler: testStep,
    },
    { method: 'GET', path: '/destinations', query: 'by-handler', permission: 'flows.read', handler: listDestinations },
    { method: 'POST', path: '/destinations', permission: 'flows.write', handler: createDestination },
    { method: 'GET', path: '/destinations/:id', permission: 'flows.read', handler: readDestination },
    { method: 'PUT', path: '/destinations/:id', permission: 'flows.write', handler: replaceDestination },
    { method: 'DELETE', path: '/destinations/:id', permission: 'flows.write', handler: removeDestination },
    {
      method: 'POST',
      path: '/destinations/:id/rotate_secret',
      takesNoBody: true,
      permission: 'credentials.manage',
      handler: rotateDestinationSecret,
    },
    { method: 'POST', path: '/rules/evaluate', permission: 'flows.read', handler: evaluateRules },
    { method: 'POST', path: '/templates/render', permission: 'flows.read', handler: renderTemplate },
    { method: 'GET', path: '/retries', query: 'by-handler', permission: 'leads.read', handler: listRetries },
    { method: 'GET', path: '/retries/:id', permission: 'leads.read', handler: readRetry },
    { method: 'POST', path: '/retries/:id/run', takesNoBody: true, permission: 'leads.resubmit', handler: runRetry },
    {
      method: 'POST',
      path: '/retries/:id/cancel',
      takesNoBody: true,
      permission: 'leads.resubmit',
      handler: cancelRetry,
    },
    { method: 'GET', path: '/unknowns', query: 'by-handler', permission: 'leads.read', handler: listUnknowns },
    {
      method: 'POST',
      path: '/unknowns/:event_id/resolve',
      permission: 'leads.resubmit',
      handler: resolveUnknownDelivery,
    },
    { method: 'GET', path: '/recipients/health', permission: 'leads.read', handler: listRecipientHealth },
    {
      method: 'POST',
      path: '/recipients/:id/close_circuit',
      takesNoBody: true,
      permission: 'leads.resubmit',
      handler: closeCircuit,
    },
    { method: 'GET', path: '/packages', permission: 'flows.read', handler: listPackages },
    { method: 'GET', path: '/packages/:id', permission: 'flows.read', handler: readPackage },
    { method: 'GET', path: '/modules', query: 'by-handler', permission: 'flows.read', handler: listModules },
    { method: 'GET', path: '/modules/:id', permission: 'flows.read', handler: readModule },
    { method: 'GET', path: '/types', permission: 'flows.read', handler: listTypes },
  ] satisfies OldRow[]
).map(oldRoute);

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
  ] satisfies OldRow[]
).map(oldRoute);

import type { ModuleParam, ModuleVariable } from '../../contract.ts';
import type { DescribedModule } from '../worker-messages.ts';

/** A node of the exported object that is an integration. */
export type ModuleNode = Record<string, unknown>;

/** Deeper and further modules are not looked for; published packages have two levels and seven modules. */
const DEPTH_MAX = 8;
const MODULES_MAX = 200;
const VARIABLES_MAX = 5_000;
const TEXT_MAX = 2_000;

/**
 * The modules of a package by their paths (spec modules a1): a node with an own `request` or `handle` is one; everything
 * else is searched further, except `name` and `ui`.
 */
export function walkPackage(exported: unknown): Map<string, ModuleNode> {
  const found = new Map<string, ModuleNode>();
  const search = (node: unknown, path: readonly string[]): void => {
    if (!isObject(node) || path.length > DEPTH_MAX || found.size >= MODULES_MAX) return;
    if (Object.hasOwn(node, 'request') || Object.hasOwn(node, 'handle')) {
      found.set(path.join('.'), node);
      return;
    }
    for (const name of Object.keys(node)) if (name !== 'name' && name !== 'ui') search(node[name], [...path, name]);
  };
  search(exported, []);
  return found;
}

/** What a module says of itself; undefined when neither "inbound" nor "outbound" is in its path. */
export function describeModule(path: string, node: ModuleNode): DescribedModule | undefined {
  const direction = path.includes('inbound') ? 'inbound' : path.includes('outbound') ? 'outbound' : undefined;
  if (direction === undefined) return undefined;
  const isHandle = typeof node['handle'] === 'function';
  return {
    path,
    direction,
    style: isHandle ? 'handle' : 'request/response',
    exportedName: typeof node['name'] === 'string' ? node['name'] : null,
    hasValidate: typeof node['validate'] === 'function',
    hasResponse: typeof node['response'] === 'function',
    requestVariables: readVariables(node, 'request'),
    responseVariables: readVariables(node, 'response'),
    envVariables: readTexts(node['envVariables']),
    params: readList(node['request'], 'params').flatMap(readParam),
    isPingable: node['pingable'] === true,
  };
}

/** `request.variables()`, or `requestVariables()` as modules with a `handle` write it; alike for the response. */
function readVariables(node: ModuleNode, side: 'request' | 'response'): ModuleVariable[] {
  const beside = readList(node, `${side}Variables`);
  const listed = beside.length > 0 ? beside : readList(node[side], 'variables');
  return listed.slice(0, VARIABLES_MAX).flatMap(readVariable);
}

function readList(owner: unknown, name: string): unknown[] {
  if ((typeof owner !== 'object' && typeof owner !== 'function') || owner === null) return [];
  const read: unknown = Reflect.get(owner, name);
  if (typeof read !== 'function') return [];
  const listed: unknown = read.call(owner);
  return Array.isArray(listed) ? listed : [];
}

function readVariable(variable: unknown): ModuleVariable[] {
  if (!isObject(variable) || typeof variable['name'] !== 'string' || variable['name'] === '') return [];
  const { name, type, description, required, deprecated, examples } = variable;
  return [
    {
      name: bounded(name),
      // One published module writes "Wildcard".
      ...(typeof type === 'string' ? { type: bounded(type).toLowerCase() } : {}),
      ...(typeof description === 'string' ? { description: bounded(description) } : {}),
      ...(typeof required === 'boolean' ? { required } : {}),
      ...(deprecated === true ? { deprecated } : {}),
      ...(Array.isArray(examples) ? { examples: examples.slice(0, 20).map((one) => bounded(String(one))) } : {}),
    },
  ];
}

function readParam(param: unknown): ModuleParam[] {
  if (!isObject(param) || typeof param['name'] !== 'string') return [];
  const { name, label, type, description, variable, required, examples } = param;
  return [
    {
      name: bounded(name),
      label: bounded(label ?? name),
      type: bounded(type ?? 'string'),
      description: bounded(description ?? ''),
      variable: variable === null ? null : bounded(variable ?? name),
      required: required === true,
      examples: readTexts(examples),
    },
  ];
}

function readTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.slice(0, 100).map(bounded) : [];
}

function bounded(value: unknown): string {
  return String(value).slice(0, TEXT_MAX);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

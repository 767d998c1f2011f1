import type { ModuleVariable } from './contract.ts';

/**
 * Where the event says how it went: the path of the first response variable named `outcome`, without that name; `''` is
 * the root, undefined: nowhere (spec modules a2, "Appended data").
 */
export function findAppendPrefix(responseVariables: readonly ModuleVariable[]): string | undefined {
  const name = responseVariables.map((variable) => variable.name).find((each) => /(^|\.)outcome$/.test(each));
  return name?.replace(/\.?outcome$/, '');
}

export type Lift = (event: unknown) => Record<string, unknown>;

const READ_AT_PREFIX = ['outcome', 'reason', 'billable', 'price'];

/** The pipeline reads outcome, reason and price at the root; a module may have them under its prefix. */
export function liftFrom(prefix: string | undefined): Lift {
  return (event) => {
    const appended = { ...(event as Record<string, unknown>) };
    if (!prefix) return appended;
    const inner = prefix.split('.').reduce<unknown>((value, name) => ownOf(value, name), appended);
    for (const name of READ_AT_PREFIX) {
      const value = ownOf(inner, name) ?? ownOf(appended, `${prefix}.${name}`);
      if (value !== undefined && !Object.hasOwn(appended, name)) appended[name] = value;
    }
    return appended;
  };
}

function ownOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

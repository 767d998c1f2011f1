import { isPlainObject } from '../variables/rich-value.ts';
import type { LeadEvent } from './build-event.ts';

/** As deep as values are written, see `field-types/normalize-value.ts`. */
const DEPTH_MAX = 64;

/**
 * An event whose lead has values again that compare as they did while it ran: `{normal, raw, valid}` becomes the
 * value with these properties.
 */
export function ruleValues(event: LeadEvent): LeadEvent {
  const { vars } = event;
  if (!isPlainObject(vars)) return event;
  return { ...event, vars: { ...vars, lead: revived(vars['lead'], 0) } };
}

function revived(value: unknown, depth: number): unknown {
  if (depth > DEPTH_MAX) return undefined;
  if (Array.isArray(value)) return value.map((member) => revived(member, depth + 1));
  if (!isPlainObject(value)) return value;
  if (Object.hasOwn(value, 'normal')) return richValue(value);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, revived(member, depth + 1)]));
}

function richValue(written: Record<string, unknown>): object {
  const { normal, ...components } = written;
  const value = boxed(normal, components['raw']);
  for (const [name, component] of Object.entries(components)) {
    // Defined and not assigned: `length` and the like are the box's own, `__proto__` is only a name.
    if (!Object.hasOwn(value, name)) Object.defineProperty(value, name, { value: component, enumerable: true });
  }
  return value;
}

/** A number that could not be read has no normal value, and stands for what was submitted. */
function boxed(normal: unknown, raw: unknown): object {
  if (typeof normal === 'number') return new Number(normal);
  if (typeof normal === 'boolean') return new Boolean(normal);
  return new String(typeof normal === 'string' ? normal : (raw ?? ''));
}

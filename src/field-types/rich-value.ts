/** The own properties of a rich value: `raw`, `valid` and the components. */
export type Properties = Record<string, unknown>;

/** What a boxed text was made of; a symbol, so that no module meets it among the properties. */
const PROPERTIES = Symbol('properties');

/**
 * Rich values are boxed, because integration packages written for the original read them as text, number or date
 * and ask for `value.raw` or `value.area` in the same breath (spec modules a4).
 */
export function richText(normal: string, properties: Properties): object {
  return Object.assign(new String(normal), properties, { [PROPERTIES]: properties });
}

export function richNumber(normal: number, properties: Properties): object {
  return Object.assign(new Number(normal), properties);
}

export function richBoolean(normal: boolean, properties: Properties): object {
  return Object.assign(new Boolean(normal), properties);
}

/** A Date that reads as `text`: `2017-06-02` for a day, ISO for an instant. */
export function richDate(epochMs: number, text: string, properties: Properties): object {
  const date = Object.assign(new Date(epochMs), properties);
  // Not enumerable, so that it is no component.
  return Object.defineProperty(date, 'toString', { value: () => text, configurable: true, writable: true });
}

/**
 * The names of a rich value's own properties. A boxed text also owns its characters; they are left out. Asking a boxed
 * text of ours for its keys takes ten times as long as asking what it was made of, and every stored lead asks.
 */
export function propertyNames(value: object): string[] {
  if (value instanceof String && PROPERTIES in value) return Object.keys(value[PROPERTIES] as Properties); // set by richText alone
  const names = Object.keys(value);
  return value instanceof String ? names.slice(value.length) : names;
}

import { Type } from 'typebox';

const HEADER_CHARACTERS_MAX = 8_192;

/** Headers in a body: names and texts. */
export const HEADERS = Type.Record(Type.String(), Type.String({ maxLength: HEADER_CHARACTERS_MAX }));

/** Writes the names as modules get them: `Content-Type`. */
export function titledHeaders(given: Readonly<Record<string, string>>): Record<string, string> {
  const titled = (name: string) => name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [titled(name), value]));
}

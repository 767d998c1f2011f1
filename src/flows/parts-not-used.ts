import type { Problem } from '../model/problem.ts';
import { isJsonObject, type JsonObject } from './flow-json.ts';
import type { PropertyRow } from './flow-property.ts';
import { flowObject } from './flow-schema.ts';

/** Parts of a Flow document that are kept and that nothing acts on yet: the rows of the table with that status. */
export function partsNotUsed(document: JsonObject): Problem[] {
  return listParts(document, { objectName: 'Flow', path: [] });
}

function listParts(owner: JsonObject, at: { objectName: string; path: readonly string[] }): Problem[] {
  const properties = flowObject(at.objectName)?.properties ?? {};
  return Object.entries(owner).flatMap(([name, value]): Problem[] => {
    const row = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (row === undefined || (row.only !== undefined && row.only !== owner['type'])) return [];
    const path = [...at.path, name];
    if (row.status === 'not-yet') return isIdle(value) ? [] : [{ path: path.join('.'), message: writeMessage(row) }];
    return listInMembers(value, { row, path });
  });
}

function listInMembers(value: unknown, { row, path }: { row: PropertyRow; path: readonly string[] }): Problem[] {
  const objectName = row.type.object;
  if (objectName === undefined) return [];
  if (isJsonObject(value)) return listParts(value, { objectName, path });
  if (!Array.isArray(value)) return [];
  return value.flatMap((member: unknown, index) =>
    isJsonObject(member) ? listParts(member, { objectName, path: [...path, String(index)] }) : [],
  );
}

function writeMessage({ instead }: PropertyRow): string {
  return `It is stored and has no effect yet: ${instead ?? 'remove it.'}`;
}

/** Does it ask for nothing, so that it does no harm that nothing acts on it? */
function isIdle(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isIdle);
  if (!isJsonObject(value)) return value === null || value === undefined || value === false || value === '';
  // What is switched off may be set up.
  const members = Object.values(value);
  return value['enabled'] === false ? members.filter(isJsonObject).every(isIdle) : members.every(isIdle);
}

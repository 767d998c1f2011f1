import type { Sliced } from '../lib/slices.ts';
import type { Problem } from '../model/problem.ts';
import { isJsonObject, type JsonObject } from './flow-json.ts';
import { isReadIn, type PropertyRow } from './flow-property.ts';
import { flowObject } from './flow-schema.ts';

/** Parts of a Flow document that are kept and that nothing acts on yet: the rows of the table with that status. */
export function* partsNotUsed(document: JsonObject): Sliced<Problem[]> {
  const found: Problem[] = [];
  yield* addParts(found, document, { objectName: 'Flow', path: [] });
  return found;
}

function* addParts(
  found: Problem[],
  owner: JsonObject,
  at: { objectName: string; path: readonly string[] },
): Sliced<void> {
  const properties = flowObject(at.objectName)?.properties ?? {};
  for (const [name, value] of Object.entries(owner)) {
    const row = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (row === undefined || !isReadIn(row, owner)) continue;
    const path = [...at.path, name];
    if (row.status !== 'not-yet') yield* addMembers(found, value, { row, path });
    else if (!isIdle(value)) found.push({ path: path.join('.'), message: writeMessage(row) });
  }
}

function* addMembers(
  found: Problem[],
  value: unknown,
  { row, path }: { row: PropertyRow; path: readonly string[] },
): Sliced<void> {
  const objectName = row.type.object;
  if (objectName === undefined) return;
  if (isJsonObject(value)) yield* addParts(found, value, { objectName, path });
  if (!Array.isArray(value)) return;
  for (const [index, member] of value.entries()) {
    if (isJsonObject(member)) yield* addParts(found, member, { objectName, path: [...path, String(index)] });
    yield;
  }
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

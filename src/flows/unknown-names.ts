import { misspeltName } from '../lib/misspelt-name.ts';
import type { Sliced } from '../lib/slices.ts';
import type { Problem } from '../model/problem.ts';
import { isJsonObject, type JsonObject } from './flow-json.ts';
import { isReadIn, type PropertyRow } from './flow-property.ts';
import { FLOW_OBJECTS, flowObject } from './flow-schema.ts';

/** More are not listed: the first ones are corrected first. Each costs a search for the nearest name. */
const UNKNOWN_MAX = 100;
/** A name is repeated in a message up to here. */
const SHOWN_CHARACTERS_MAX = 64;

export interface UnknownNames {
  /** Names that are nearly a known one: what they were meant to set is not set, so the flow must not run. */
  misspelt: Problem[];
  /** Other names that nothing reads. */
  unread: Problem[];
}

/** The names of a Flow document that are not in the table `FLOW_OBJECTS` (decision 49). Expects a bounded depth. */
export function* unknownNames(document: JsonObject): Sliced<UnknownNames> {
  const found: UnknownNames = { misspelt: [], unread: [] };
  yield* addUnknown(found, { owner: document, objectName: 'Flow', path: [] });
  return found;
}

interface Place {
  owner: JsonObject;
  /** Of `FLOW_OBJECTS`. */
  objectName: string;
  path: readonly string[];
}

function* addUnknown(found: UnknownNames, { owner, objectName, path }: Place): Sliced<void> {
  const object = flowObject(objectName);
  if (!object) return;
  for (const [name, value] of Object.entries(owner)) {
    if (value === null || value === undefined) continue;
    const row = Object.hasOwn(object.properties, name) ? object.properties[name] : undefined;
    const at = [...path, name];
    if (row === undefined) addName(found, { owner, objectName, path: at, name });
    else if (isReadIn(row, owner)) yield* addMembers(found, { value, row, path: at });
    else
      addTo(found.unread, {
        path: at.join('.'),
        message: `It has no effect in a step of type ${typeOf(owner)}.`,
      });
  }
}

/** Names of fixed sets are faults of the shape already. */
function addName(found: UnknownNames, at: Place & { name: string }): void {
  const { owner, objectName, name } = at;
  const object = flowObject(objectName);
  if (!object || object.isClosed || isFull(found)) return;
  const path = at.path.join('.');
  const offered = Object.entries(object.properties).filter(([, row]) => isReadIn(row, owner));
  const meant = misspeltName(
    name,
    offered.filter(([, { status }]) => status !== 'read-only' && status !== 'carried').map(([known]) => known),
  );
  if (meant !== undefined) {
    const message = `Unknown property "${shown(name)}": it has no effect. Did you mean "${meant}"?`;
    addTo(found.misspelt, { path, message });
    return;
  }
  addTo(found.unread, {
    path,
    message: `Unknown property "${shown(name)}": it is stored and has no effect.${hint(at)}`,
  });
}

function hint({ objectName, name }: Place & { name: string }): string {
  const near = misspeltName(name, Object.keys(flowObject(objectName)?.properties ?? {}));
  if (near !== undefined) return ` Did you mean "${near}"?`;
  const owners = Object.entries(FLOW_OBJECTS).flatMap(([owner, { properties }]) =>
    Object.hasOwn(properties, name) ? [owner] : [],
  );
  return owners.length === 0 ? '' : ` "${name}" is a property of ${owners.join(', ')}.`;
}

function* addMembers(
  found: UnknownNames,
  { value, row, path }: { value: unknown; row: PropertyRow; path: readonly string[] },
): Sliced<void> {
  const objectName = row.type.object;
  if (objectName === undefined) return;
  if (isJsonObject(value)) yield* addUnknown(found, { owner: value, objectName, path });
  if (!Array.isArray(value)) return;
  for (const [index, member] of value.entries()) {
    if (isJsonObject(member)) yield* addUnknown(found, { owner: member, objectName, path: [...path, String(index)] });
    yield;
  }
}

function typeOf(owner: JsonObject): string {
  return String(owner['type']);
}

/** A document in which everything is unknown is not searched to its end. */
function isFull({ misspelt, unread }: UnknownNames): boolean {
  return misspelt.length + unread.length >= 2 * UNKNOWN_MAX || misspelt.length >= UNKNOWN_MAX;
}

function addTo(problems: Problem[], problem: Problem): void {
  if (problems.length < UNKNOWN_MAX) problems.push(problem);
}

function shown(name: string): string {
  return name.length > SHOWN_CHARACTERS_MAX ? `${name.slice(0, SHOWN_CHARACTERS_MAX)}…` : name;
}

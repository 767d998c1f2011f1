import { normalizeKeepingPlaces } from '../../field-types/normalize-value.ts';
import type { CompiledField } from '../../flow-compiler/compiled-flow.ts';
import { isRichValue, normalOf } from '../../variables/rich-value.ts';
import { type RunPart, routeOf } from '../lead-run.ts';
import { fieldLookups } from '../write-lead.ts';

type CarryingRun = RunPart<'route' | 'vars'>;

interface Hashing {
  pingId: string;
  hashListValue(value: string): Buffer;
}

/** Hexadecimal digits of a hash that are kept: enough that no other value has it. */
const HASH_DIGITS = 32;

/**
 * The values that a ping carries, each as a keyed hash by its field. The id of the ping is hashed with it, so that no two
 * pings of a person look alike. Written otherwise, as a phone may be, a value is the same.
 */
export function hashPingValues(run: CarryingRun, hashing: Hashing): Record<string, string> {
  const hashes: Record<string, string> = {};
  for (const { field, find } of fieldLookups(routeOf(run).flow)) {
    const hash = hashField(run, { field, value: find(run.vars), hashing });
    if (hash !== null) hashes[field.id] = hash;
  }
  return hashes;
}

/** Lists the fields whose value in the ping the lead does not have, by id. Fields that the flow no longer has are skipped. */
export function listDifferentFields(
  run: CarryingRun,
  { carried, ...hashing }: Hashing & { carried: Readonly<Record<string, string>> },
): string[] {
  const different = fieldLookups(routeOf(run).flow).filter(({ field, find }) => {
    if (!Object.hasOwn(carried, field.id) || isUnsteady(run, field)) return false;
    return hashField(run, { field, value: find(run.vars), hashing }) !== carried[field.id];
  });
  return different.map(({ field }) => field.id);
}

/** null: the field has no value, or one that may be another in the post of the same lead. */
function hashField(
  run: CarryingRun,
  { field, value, hashing }: { field: CompiledField; value: unknown; hashing: Hashing },
): string | null {
  if (value === undefined || value === null || isUnsteady(run, field)) return null;
  return hashWritten(writeValue(value), { fieldId: field.id, ...hashing });
}

/** The keyed hash that a ping carries of a value in its normal form, such as an address in small letters. */
export function hashNormalValue(normal: string, place: Hashing & { fieldId: string }): string {
  return hashWritten(JSON.stringify(normal), place);
}

function hashWritten(written: string, { pingId, fieldId, hashListValue }: Hashing & { fieldId: string }): string {
  // No value of a list has a NUL, so no hash of a list is one of a ping.
  return hashListValue(`\0ping ${pingId} ${fieldId} ${written}`).toString('hex').slice(0, HASH_DIGITS);
}

/** The certificate of a ping is another one than that of its post (spec modules b). */
function isUnsteady(run: CarryingRun, { id, type }: CompiledField): boolean {
  return type === 'trustedform_url' || routeOf(run).source.unsteadyFields.has(id);
}

function writeValue(value: unknown): string {
  const normal = isRichValue(value) ? (normalOf(value) ?? String(value)) : normalizeKeepingPlaces(value);
  return JSON.stringify(normal) ?? '';
}

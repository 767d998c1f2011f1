import { IANAZone } from 'luxon';
import { Type } from 'typebox';
import type { FlowSurroundings } from '../flow-compiler/flow-compiler.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import { FIELD_TYPE_NAMES, type FieldTypeName } from '../model/field-type.ts';
import type { Problem } from '../model/problem.ts';
import type { EvaluationContext, Vars } from '../model/vars.ts';
import { drawAlways, RANDOM_DEFAULT } from './chance.ts';
import { readInstant } from './read-instant.ts';
import { typedVars } from './typed-vars.ts';

/** The properties of a body with the variables for rules and templates. */
export const SIMULATED_VARS_PROPERTIES = {
  vars: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  types: Type.Optional(Type.Record(Type.String(), Type.Enum([...FIELD_TYPE_NAMES]))),
  time_zone: Type.Optional(Type.String({ maxLength: 64 })),
  now: Type.Optional(Type.String({ maxLength: 64 })),
};

export interface GivenVars {
  vars?: Vars;
  types?: Record<string, FieldTypeName>;
  time_zone?: string;
  now?: string;
}

/** The surroundings of the caller's account, and the current time (epoch ms). */
export interface SimulationPlace {
  surroundings: FlowSurroundings;
  now: number;
}

export interface SimulatedVars {
  vars: Vars;
  ctx: EvaluationContext;
}

/** Reads the variables and the context of a simulated lead; zone and time default to the account's and the current. */
export function readSimulatedVars(given: GivenVars, place: SimulationPlace): Result<SimulatedVars, Problem[]> {
  const { account, customFields } = place.surroundings;
  const timeZone = given.time_zone ?? account.timeZone;
  const now = readInstant(given.now);
  const zone = IANAZone.isValidZone(timeZone) ? [] : [{ path: 'time_zone', message: ZONE }];
  if (!now.ok || zone.length > 0) return fail([...zone, ...(now.ok ? [] : now.error)]);
  const ctx = { now: now.value ?? place.now, timeZone, random: drawAlways(RANDOM_DEFAULT) };
  const types = new Map(Object.entries(given.types ?? {}));
  return ok({ ctx, vars: typedVars(given.vars ?? {}, { types, customFields, ctx }) });
}

const ZONE = 'Must be the name of a time zone such as America/Chicago.';

import { FIRST_NUMBER, personValues } from '../../../bench/person-request.ts';

const STATES = ['TX', 'CA', 'NY'] as const;

/** The state of a person: a third each. */
export function stateOf(person: number): (typeof STATES)[number] {
  return STATES[person % STATES.length] ?? 'TX';
}

export function valuesOf(person: number): Record<string, string> {
  return { ...personValues(person), state: stateOf(person) };
}

/** The inverse of a person's phone number, as recipients write it down. */
export function personOf(phone: string): number {
  return Number(phone.slice(-DIGITS)) - FIRST_NUMBER;
}

const DIGITS = 7;

import { type TSchema, Type } from 'typebox';

/** Parts that the schemas of several resources are made of. */

/** Takes no names but its own: an unknown one is refused, and in an answer it is a fault of ours that tests find. */
export const CLOSED = { additionalProperties: false };

export const ID = Type.String({ pattern: '^[0-9a-fA-F]{24}$', says: 'Must have 24 hexadecimal characters.' });

export const TIME = Type.String({ format: 'date-time' });

/** Which flow, source or recipient, for people too. */
export const NAMED = Type.Object({ id: Type.String(), name: Type.Optional(Type.String()) }, CLOSED);

export const PROBLEM = Type.Object({
  path: Type.String({ description: 'Where, with dots: `steps.0.rule_set`; empty for the whole.' }),
  message: Type.String({ description: 'What is wrong and what to do about it.' }),
});

/** Accepted and ignored, so that an answer can be sent back changed. */
export const READ_ONLY = Type.Optional(Type.Unknown({ readOnly: true }));

export function nullable<Schema extends TSchema>(schema: Schema, about: { description?: string } = {}) {
  return Type.Union([schema, Type.Null()], about);
}

/** A Flow document: it has a parser of its own, so nothing is checked here; OpenAPI refers to its JSON Schema. */
export const FLOW_DOCUMENT = Type.Unknown({ $id: 'Flow' });

/** Anything, with a word about what it is. */
export function open(description: string) {
  return Type.Unknown({ description });
}

import { type Static, Type } from 'typebox';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import type { RecipientAnswer } from './recipient-answer.ts';
import { HEADERS, titledHeaders } from './titled-headers.ts';

/** The given answer of a recipient, in both forms. One object, because a union would report each fault twice. */
export const ANSWER = Type.Object(
  {
    status: Type.Optional(Type.Integer({ minimum: 100, maximum: 599 })),
    headers: Type.Optional(HEADERS),
    /** A text, or JSON to be sent as one. */
    body: Type.Optional(Type.Unknown()),
    outcome: Type.Optional(Type.Enum(['success', 'failure', 'error', 'skip'])),
    reason: Type.Optional(Type.String()),
    price: Type.Optional(Type.Number()),
  },
  { additionalProperties: false },
);

type GivenAnswer = Static<typeof ANSWER>;

/** Reads one of the two forms, or returns its problem at this path. */
export function readAnswer(path: string, given: GivenAnswer): Result<RecipientAnswer, Problem[]> {
  const { outcome, reason, price, status, headers, body } = given;
  const isHttp = [status, headers, body].some((part) => part !== undefined);
  const isOutcome = [outcome, reason, price].some((part) => part !== undefined);
  if (isHttp && !isOutcome) return ok(httpAnswer(given));
  if (isHttp || outcome === undefined) return fail([{ path, message: FORMS }]);
  const appended = {
    outcome,
    ...(reason === undefined ? {} : { reason }),
    ...(price === undefined ? {} : { price }),
  };
  return ok({ kind: 'outcome', appended });
}

const FORMS = 'Must have at least one of status, headers and body, or an outcome with optional reason and price.';

function httpAnswer({ status = 200, headers = {}, body = '' }: GivenAnswer): RecipientAnswer {
  if (typeof body === 'string') return { kind: 'http', status, headers: titledHeaders(headers), body };
  const typed = { 'Content-Type': 'application/json', ...titledHeaders(headers) };
  return { kind: 'http', status, headers: typed, body: JSON.stringify(body) };
}

import { isDeepStrictEqual } from 'node:util';
import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { ERRORS, type ErrorCode } from '../../src/http/errors.ts';
import { type DocumentedRoute, listErrors } from '../../src/http/route.ts';
import { DOCUMENTED_ROUTES } from '../../src/http/routes.ts';

/** An answer as it is about to be sent. */
export interface SentAnswer {
  method: string;
  /** Of the row, with `:name`. */
  path: string;
  status: number;
  /** Content-Type. */
  type: string;
  payload: unknown;
}

/** A sentence about what the row does not declare; undefined: it declares this answer. */
export type AnswerCheck = (answer: SentAnswer) => string | undefined;

/** Longer bodies are not read again: tests of the largest documents measure turns of the event loop. */
const BODY_CHARACTERS_MAX = 256 * 1024;

const routes = new Map(DOCUMENTED_ROUTES.map((route) => [`${route.method} ${route.path}`, route]));
const paths = new Set(DOCUMENTED_ROUTES.map(({ path }) => path));

/** What of an answer its row does not declare. Routes outside the table, as streams, are not looked at. */
export const findAnswerFault: AnswerCheck = (answer) => {
  const { method, path, status } = answer;
  if (!paths.has(path) || method === 'HEAD') return undefined;
  const route = routes.get(`${method} ${path}`);
  const fault = route ? findFault(route, answer) : status === 405 || method === 'OPTIONS' ? undefined : 'is not 405';
  return fault === undefined ? undefined : `${method} ${path} → ${status} ${fault}`;
};

function findFault(route: DocumentedRoute, answer: SentAnswer): string | undefined {
  if (isAbsence(route, answer)) return undefined;
  return answer.status < 400 ? faultOfSuccess(route, answer) : faultOfError(route, answer);
}

/** A 404 that says no. */
function isAbsence({ absence }: DocumentedRoute, answer: SentAnswer): boolean {
  if (absence === undefined || answer.status !== 404 || !isJson(answer)) return false;
  const body = readBody(answer);
  return body !== undefined && compile(absence).Check(body.value);
}

function faultOfSuccess(route: DocumentedRoute, answer: SentAnswer): string | undefined {
  // Below 400 the table holds schemas.
  const schema = (route.answers as Readonly<Record<number, TSchema | undefined>>)[answer.status];
  if (!schema) return 'is no status of the row';
  const { answerTypes = ['application/json'] } = route;
  // A client that follows a redirect reads no body.
  if (answer.status === 303) return undefined;
  if (!hasBody(answer)) return answer.status === 204 ? undefined : 'has no body';
  if (!answerTypes.some((type) => answer.type.startsWith(type))) return `${answer.type} is no media type of the row`;
  if (!isJson(answer)) return undefined;
  const body = readBody(answer);
  if (body === undefined) return undefined;
  const validator = compile(schema);
  if (validator.Check(body.value)) return undefined;
  const problems = validator.Errors(body.value).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`);
  return `does not match the schema: ${problems.join('; ')}`;
}

function faultOfError(route: DocumentedRoute, answer: SentAnswer): string | undefined {
  const codes = listErrors(route).filter((code) => ERRORS[code] === answer.status);
  const own = (route.wireErrors ?? []).filter(({ status }) => status === answer.status);
  if (codes.length + own.length === 0) return 'is no status of the row';
  if (!hasBody(answer)) return route.mayBeOff && answer.status === 404 ? undefined : 'has no body';
  // Where people get a page, errors are pages, too.
  if (answer.type.startsWith('text/html') && route.answerTypes?.includes('text/html')) return undefined;
  // A parser's sentence depends on the body, so that only the type of a text is compared.
  if (!isJson(answer)) return own.some(({ body }) => typeof body === 'string') ? undefined : 'is not JSON';
  const body = readBody(answer);
  if (body === undefined || own.some((each) => isDeepStrictEqual(each.body, body.value))) return undefined;
  const { error, code, details = [], ...rest } = body.value as Record<string, unknown>;
  if (typeof error !== 'string' || !Array.isArray(details) || Object.keys(rest).length > 0) return 'is no error body';
  const isKnown = code === undefined ? codes.includes('authentication_failed') : codes.includes(code as ErrorCode);
  return isKnown ? undefined : `${code} is no code of the row`;
}

function isJson({ type }: SentAnswer): boolean {
  return type.startsWith('application/json');
}

function hasBody({ payload }: SentAnswer): boolean {
  return payload !== undefined && payload !== null && payload !== '';
}

/** undefined: it is too long to look at. */
function readBody({ payload }: SentAnswer): { value: unknown } | undefined {
  if (typeof payload !== 'string' || payload.length > BODY_CHARACTERS_MAX) return undefined;
  return { value: JSON.parse(payload) };
}

const compiled = new WeakMap<TSchema, Validator>();

function compile(schema: TSchema): Validator {
  const known = compiled.get(schema) ?? Compile(schema);
  compiled.set(schema, known);
  return known;
}

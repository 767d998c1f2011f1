import { ERRORS, type ErrorCode } from '../../src/http/errors.ts';
import { type DocumentedRoute, listErrors } from '../../src/http/route.ts';
import { DOCUMENTED_ROUTES } from '../../src/http/routes.ts';

/** One answer that a row declares. */
export interface DeclaredAnswer {
  route: DocumentedRoute;
  status: number;
  /** The status of a success, the code of an error, the name of an error that is not in our form. */
  name: string;
}

/** The name of a 404 that is no error. */
export const ABSENCE = 'absence';

/** Every answer of a row, in the order of its statuses. */
export function listDeclaredAnswers(route: DocumentedRoute): DeclaredAnswer[] {
  const successes = Object.keys(route.answers).filter((status) => Number(status) < 400);
  return [
    ...successes.map((status) => ({ route, status: Number(status), name: status })),
    ...listErrors(route).map((code: ErrorCode) => ({ route, status: ERRORS[code], name: code })),
    ...(route.absence === undefined ? [] : [{ route, status: 404, name: ABSENCE }]),
    ...(route.wireErrors ?? []).map(({ status, name }) => ({ route, status, name })),
  ].sort((one, other) => one.status - other.status);
}

/** Every answer of every row, in the order of the reference. */
export const DECLARED_ANSWERS: readonly DeclaredAnswer[] = DOCUMENTED_ROUTES.flatMap(listDeclaredAnswers);

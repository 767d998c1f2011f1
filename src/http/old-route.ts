import type { Permission } from '../access/permissions.ts';
import { assert } from '../lib/assert.ts';
import type { ApiDeps, Handler, PublicHandler } from './api.ts';
import { checkRequest } from './check-request.ts';
import { givenByQuery, list, parseParameters } from './parameters.ts';
import type { Route, RouteFacts } from './route.ts';

/** A row of the earlier kind, whose handler reads the request. */
export type OldRow = Omit<RouteFacts, 'name' | 'permission' | 'answers' | 'doc'> & {
  /** The parameters it takes; `by-handler`: the handler refuses those it does not know. Absent: none. */
  query?: readonly string[] | 'by-handler';
} & ({ permission: 'public'; handler: PublicHandler } | { permission: Permission; handler: Handler });

/** The same as a row of the table. */
export function oldRoute(row: OldRow): Route<ApiDeps> {
  const names = row.query === undefined || row.query === 'by-handler' ? [] : row.query;
  const query = Object.fromEntries(names.map((name) => [name, list()]));
  return {
    ...row,
    name: row.handler.name,
    answers: {},
    doc: { summary: '' },
    params: {},
    query,
    body: undefined,
    run: async (deps, request) => {
      const known = row.query === 'by-handler' ? undefined : parseParameters(query, givenByQuery(request.query));
      if (known?.ok === false) return known.error;
      const expected = checkRequest(row, request);
      if (!expected.ok) return expected.error;
      const { params, query: asking, body, principal } = request;
      const asked = { params, query: asking, body, expected: expected.value };
      if (row.permission === 'public') return row.handler(deps, asked);
      assert(principal !== undefined, 'a request reaches its handler after its authentication');
      return row.handler(deps, { ...asked, principal });
    },
  };
}

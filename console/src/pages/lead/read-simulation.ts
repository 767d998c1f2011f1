import type { Simulation } from '../../../../client/src/client.ts';
import type { SentRequest } from './as-curl.ts';

/** Headers that say how the request is read. */
const READ = /^(?:content-type|accept|user-agent)$/i;
const METHODS = ['POST', 'GET', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const;

/** The request of a lead as a simulation takes it. */
export function readSimulation({ method, uri, headers, body }: SentRequest): Pick<Simulation, 'submission'> {
  const known = METHODS.find((each) => each === method.toUpperCase()) ?? 'POST';
  const query = uri.split('?')[1];
  return {
    submission: {
      method: known,
      ...(query !== undefined && { query }),
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => READ.test(name))),
      ...(body !== null && { body }),
    },
  };
}

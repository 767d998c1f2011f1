import type { FastifyRequest } from 'fastify';

/** Where a request names nothing usable. */
const NOWHERE = 'http://localhost';

/**
 * The origin by which a request came: the public URL of the installation where it is set, else what the request names,
 * behind a trusted proxy what the proxy says.
 */
export function readRequestOrigin(
  { protocol, host }: Pick<FastifyRequest, 'protocol' | 'host'>,
  publicOrigin: string | null,
): string {
  if (publicOrigin !== null) return publicOrigin;
  const named = `${protocol}://${host}`;
  return URL.canParse(named) ? new URL(named).origin : NOWHERE;
}

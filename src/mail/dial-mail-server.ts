import { connect, isIP, type Socket } from 'node:net';
import { type AllowedNetwork, isForbiddenAddress } from '../integrations/forbidden-address.ts';
import { isOurFault, unsentReason } from '../integrations/http-client/failure-reason.ts';
import { ForbiddenAddressError, guardLookup, type Resolve } from '../integrations/http-client/guarded-connector.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { MailFault } from './mail-result.ts';

export interface DialOptions {
  allowedNetworks: readonly AllowedNetwork[];
  resolve: Resolve;
}

/**
 * A connection to a permitted address of the server, in `timeoutMs`. The addresses that were checked are the ones
 * connected to, as for HTTP (architecture 7).
 */
export function dialMailServer(
  { host, port }: { host: string; port: number },
  { allowedNetworks, resolve, timeoutMs }: DialOptions & { timeoutMs: number },
): Promise<Result<Socket, MailFault>> {
  const isForbidden = (address: string) => isForbiddenAddress(address, port, allowedNetworks);
  // An address literal is never looked up.
  if (isIP(host) !== 0 && isForbidden(host))
    return Promise.resolve(fail(unsent(new ForbiddenAddressError(host), host)));
  return new Promise((settle) => {
    const socket = connect({ host, port, lookup: guardLookup(resolve, isForbidden) });
    const timer = setTimeout(() => {
      socket.destroy();
      const reason = `No connection to ${host} within ${Number((timeoutMs / 1000).toFixed(1))} s`;
      settle(fail({ kind: 'unsent', reason, blame: 'time', isWorthRetry: true }));
    }, timeoutMs);
    // It stays: an error after the end of the attempt has no other listener until the session takes the socket.
    socket.on('error', (error) => {
      clearTimeout(timer);
      settle(fail(unsent(error, host)));
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      settle(ok(socket));
    });
  });
}

function unsent(error: Error, host: string): MailFault {
  const isForbidden = error instanceof ForbiddenAddressError;
  return {
    kind: 'unsent',
    reason: unsentReason(error, host),
    blame: isOurFault(error) ? 'us' : 'recipient',
    isWorthRetry: !isForbidden,
  };
}

import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

/**
 * The address of the sender, an IPv4 or IPv6 address: of the connection, or what trusted proxies say in
 * `X-Forwarded-For`, read from the right (decision 54). A word there that is no address counts as none, and the address
 * of the connection stands.
 */
export function readSenderAddress(request: Pick<FastifyRequest, 'ip' | 'socket'>): string {
  const connection = request.socket.remoteAddress ?? '';
  // Nearly each lead: nothing was forwarded, and the system writes an address and nothing else.
  if (request.ip === connection) return withoutMapping(connection);
  const forwarded = withoutPort(request.ip ?? '');
  return withoutMapping(isIP(forwarded) === 0 ? connection : forwarded);
}

/** Some proxies append the port: `192.0.2.7:5678`, `[2001:db8::7]:5678`. */
function withoutPort(text: string): string {
  return IPV4_AND_PORT.exec(text)?.[1] ?? IN_BRACKETS.exec(text)?.[1] ?? text;
}

/** A server that listens on both families sees IPv4 addresses as `::ffff:192.0.2.7`. */
function withoutMapping(address: string): string {
  return /^::ffff:(?=\d+\.)/i.test(address) ? address.slice('::ffff:'.length) : address;
}

const IPV4_AND_PORT = /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/;
const IN_BRACKETS = /^\[([0-9a-f:.]+)\](?::\d{1,5})?$/i;

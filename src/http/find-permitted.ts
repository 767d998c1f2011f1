import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Permission } from '../access/permissions.ts';
import type { Principal } from '../access/principal.ts';
import { apiError, sendError } from './errors.ts';
import { type IdentifyDeps, identifyCaller } from './identify-caller.ts';

/** Who asks for what is no row of the table; undefined: the caller lacks a permission, and has been answered. */
export async function findPermitted(
  request: FastifyRequest,
  { reply, callers, permissions }: { reply: FastifyReply; callers: IdentifyDeps; permissions: readonly Permission[] },
): Promise<Principal | undefined> {
  const caller = await identifyCaller(callers, request);
  if (!caller.ok) return void sendError(reply, caller.error);
  const { principal } = caller.value;
  const missing = permissions.find((permission) => !principal.permissions.has(permission));
  if (missing === undefined) return principal;
  return void sendError(
    reply,
    apiError('permission_required', `Your API key or user needs the permission ${missing}.`),
  );
}

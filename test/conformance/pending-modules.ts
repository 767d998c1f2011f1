/**
 * Published modules that are not built yet (spec modules a1). A case of one of them is pending; a module that is
 * neither here nor built is a typing error and fails.
 */
export const PENDING_MODULES: ReadonlySet<string> = new Set([
  'leadconduit-classic.outbound',
  'leadconduit-telesign.outbound.phone',
  'leadconduit-whitepages.outbound.phone_intelligence',
  'leadconduit-whitepages.outbound.caller_id',
  'leadconduit-batchrobot.outbound',
]);

/** Is the case of a module that is known and not among these that are built? */
export function isPendingModule(moduleId: unknown, built: readonly { id: string }[]): boolean {
  return typeof moduleId === 'string' && PENDING_MODULES.has(moduleId) && !built.some(({ id }) => id === moduleId);
}

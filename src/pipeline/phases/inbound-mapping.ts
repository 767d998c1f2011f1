import { copyContainers } from '../../variables/assign.ts';
import { routeOf } from '../lead-run.ts';
import type { RunOf } from '../phase-access.ts';
import { PROCEED, type Verdict } from '../verdict.ts';

/**
 * The source's mappings: they see the submitted values by their submitted names, and write fields with or without
 * the `lead.` prefix (decision 29; the prefix is dropped when the flow is compiled).
 */
export function inboundMapping(run: RunOf<'inbound-mapping'>): Verdict {
  const { source } = routeOf(run);
  if (source.document.integration.mappings.length === 0) return PROCEED;
  // Mappings read what was submitted, not what an earlier one wrote.
  const target = copyContainers(run.values) as Record<string, unknown>; // a copy of a plain object is one
  source.mappings.apply(run.values, target, run.ctx);
  run.values = target;
  return PROCEED;
}

import { createScrubber, type Scrub } from '../variables/scrub-secrets.ts';
import type { RunPart } from './lead-run.ts';

const SCRUBBERS = new WeakMap<object, { secrets: readonly string[] | null; count: number; scrub: Scrub }>();

/** The scrubber of a lead's secrets; made once for all that is written of the lead. */
export function scrubberOf(run: RunPart<'secrets'>): Scrub {
  const known = SCRUBBERS.get(run);
  const count = run.secrets?.length ?? 0;
  if (known && known.secrets === run.secrets && known.count === count) return known.scrub;
  const scrub = createScrubber(run.secrets ?? []);
  SCRUBBERS.set(run, { secrets: run.secrets, count, scrub });
  return scrub;
}

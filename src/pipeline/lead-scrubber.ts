import { createScrubber, type Scrub } from '../variables/scrub-secrets.ts';
import type { RunPart } from './lead-run.ts';

const SCRUBBERS = new WeakMap<
  object,
  { secrets: readonly string[] | null; count: number; opened: number; scrub: Scrub }
>();

/** The scrubber of a lead's secrets and of those of its credentials; made once for all that is written of the lead. */
export function scrubberOf(run: RunPart<'secrets' | 'opened'>): Scrub {
  const known = SCRUBBERS.get(run);
  const { secrets, opened } = run;
  const count = secrets?.length ?? 0;
  if (known && known.secrets === secrets && known.count === count && known.opened === opened.length) return known.scrub;
  const scrub = createScrubber(opened.length === 0 ? (secrets ?? []) : [...(secrets ?? []), ...opened]);
  SCRUBBERS.set(run, { secrets, count, opened: opened.length, scrub });
  return scrub;
}

/** The same of the lead alone: a retry opens the credentials again, and does not have what was masked. */
export function leadScrubberOf(run: RunPart<'secrets' | 'opened'>): Scrub {
  return run.opened.length === 0 ? scrubberOf(run) : createScrubber(run.secrets ?? []);
}

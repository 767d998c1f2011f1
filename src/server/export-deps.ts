import { createExportMailer } from '../exports/mail-export.ts';
import type { ExportDeps } from '../jobs/export-deps.ts';
import { systemClock } from '../lib/clock.ts';
import { createSlicer } from '../lib/slices.ts';
import { createAccountStore } from '../store/postgres/accounts.ts';
import { createExportMailStore } from '../store/postgres/export-mail.ts';
import { createExportWorkStore } from '../store/postgres/export-pages.ts';
import { createExportStore } from '../store/postgres/exports.ts';
import type { ServerParts } from './server-parts.ts';

/** Leads wait for a slice at each of their turns, and an export of a million rows has tens of thousands. */
const SLICE_MS = 1;

/** What exports are made with. */
export function buildExportDeps({ pool, findRevision }: ServerParts): ExportDeps {
  return {
    exports: createExportWorkStore(pool),
    findAccount: createAccountStore(pool).find,
    findRevision,
    runSliced: createSlicer({ now: systemClock.monotonic, schedule: setImmediate, sliceMs: SLICE_MS }),
  };
}

/** What mails the ends of exports. */
export function buildExportMailer({ pool, installationMail, origin, clock }: ServerParts) {
  return createExportMailer({
    mails: createExportMailStore(pool),
    exports: createExportStore(pool),
    ...{ send: installationMail, origin, clock },
  });
}

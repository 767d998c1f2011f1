import type { RunAgainDeps } from '../intake/run-again.ts';
import type { ImportLeadsDeps, RowEnd, RowToSubmit } from '../jobs/import-leads-deps.ts';
import type { JobFileStore } from '../jobs/job-files.ts';
import type { Log } from '../observe/log.ts';
import { RANDOM_DEFAULT } from '../simulation/chance.ts';
import { countedIds } from '../simulation/counted-ids.ts';
import { findSource, simulateLead } from '../simulation/simulate-lead.ts';
import { createFindEnds } from '../store/postgres/lead-ends.ts';
import type { ServerParts } from './server-parts.ts';
import { buildRowSubmission, submitRow } from './submit-row.ts';

/** What files of leads are checked and submitted with, row by row. */
export function buildLeadImportDeps(
  parts: ServerParts,
  { files, log }: { files: JobFileStore; log: Log },
): ImportLeadsDeps {
  const { pool, phases, runSliced, admission, running, runStore, clock, metrics, tracing } = parts;
  const intake: RunAgainDeps = {
    ...{ phases, log, metrics, tracing, admission, running, isStoreAway: runStore.isAway, clockProblem: clock.problem },
  };
  return {
    files,
    findFlow: phases.findFlow,
    submit: (row) =>
      submitRow(row, intake).catch((error) => {
        phases.report({ leadId: row.leadId, where: 'import', error });
        return { kind: 'open' as const };
      }),
    preview: (row) => previewRow(row, parts),
    findEnds: createFindEnds(pool),
    runSliced,
    monotonic: clock.monotonic,
  };
}

/** As an evaluation of the deployed flow: recipients accept everything, lists are empty, and caps have room. */
async function previewRow(row: RowToSubmit, { phases }: ServerParts): Promise<RowEnd | null> {
  const found = phases.findFlow(row.flowId);
  if (found.kind !== 'found') return null;
  const source = findSource(found.flow, row.sourceId);
  if (!source) return null;
  const { method, headers, body } = buildRowSubmission(row, phases.clock).request;
  const now = phases.clock.now();
  const simulation = {
    ...{ flow: { kind: 'revision' as const, revision: 'deployed' as const }, source: row.sourceId },
    submission: { method, query: '', headers: { ...headers }, body: body ?? '' },
    ...{ now, random: RANDOM_DEFAULT, lists: [], caps: new Map(), answers: new Map(), prices: new Map() },
  };
  const { version, report } = phases;
  const deps = { now, ids: countedIds(now), version, report };
  const { lead } = await simulateLead(found.flow, { source, simulation, deps });
  if (!lead) return null;
  const { outcome, reason } = lead as { outcome: RowEnd['outcome']; reason?: unknown }; // made by buildLead
  return { outcome, reason: typeof reason === 'string' ? reason : null };
}

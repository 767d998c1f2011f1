import { askRun } from '../../harness/ask-run.ts';

/** Builds dist/app once in a run, when a source of it is newer (test/harness/global-setup.ts). */
export async function ensureConsoleIsBuilt(): Promise<void> {
  await askRun('/console');
}

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { envExample, settingsReference } from '../../src/cli/settings-reference.ts';
import { buildOpenApi } from '../../src/http/build-openapi.ts';
import { DOCUMENTED_ROUTES } from '../../src/http/routes.ts';
import { SECURE_COOKIE_NAME } from '../../src/http/session-cookie.ts';
import { packageRoot } from '../../src/package-root.ts';
import { packageVersion } from '../../src/package-version.ts';
import { generateClient } from '../client/generate-client.ts';
import { answersReference } from './answers-reference.ts';
import { apiReference } from './api-reference.ts';
import { cliReference } from './cli-reference.ts';
import { errorsReference } from './errors-reference.ts';
import { explanations } from './explanations.ts';
import { faultsReference } from './faults-reference.ts';
import { fieldTypesReference } from './field-types-reference.ts';
import { flowDocumentReference } from './flow-document-reference.ts';
import { jobsReference } from './jobs-reference.ts';
import { lenientTable } from './lenient-table.ts';
import { lintReference } from './lint-reference.ts';
import { withGenerated } from './markdown.ts';
import { modulesReference } from './modules-reference.ts';
import { operatorsReference } from './operators-reference.ts';
import { methodTable, phaseTable, stageTable } from './phase-tables.ts';
import { retentionReference } from './retention-reference.ts';
import { eventKindTable, storedJsonTable } from './stored-tables.ts';
import { templateHelpersReference } from './template-helpers-reference.ts';

/** By the name of their place in ARCHITECTURE.md. */
const ARCHITECTURE_TABLES: readonly (readonly [string, () => string])[] = [
  ['phases', phaseTable],
  ['stages', stageTable],
  ['stored', storedJsonTable],
  ['event-kinds', eventKindTable],
];

export interface GeneratedFile {
  path: string;
  /** The whole text; `now` is what the file holds, '' when there is none. */
  make(now: string): string | Promise<string>;
}

/** Every file, or part of one, that is made from tables in the code. */
export const GENERATED: readonly GeneratedFile[] = [
  { path: '.env.example', make: envExample },
  { path: 'docs/reference/settings.md', make: settingsReference },
  { path: 'client/src/generated.ts', make: generateClient },
  { path: 'docs/reference/api.md', make: apiReference },
  { path: 'docs/reference/answers.md', make: answersReference },
  {
    path: 'docs/reference/openapi.json',
    make: () => {
      const facts = { version: packageVersion(), cookieName: SECURE_COOKIE_NAME };
      return `${JSON.stringify(buildOpenApi(DOCUMENTED_ROUTES, facts), null, 1)}\n`;
    },
  },
  { path: 'docs/reference/errors.md', make: errorsReference },
  { path: 'docs/reference/faults.md', make: faultsReference },
  { path: 'docs/reference/field-types.md', make: fieldTypesReference },
  { path: 'docs/reference/flow-document.md', make: flowDocumentReference },
  { path: 'docs/reference/jobs.md', make: jobsReference },
  { path: 'docs/reference/lint.md', make: lintReference },
  { path: 'docs/reference/modules.md', make: modulesReference },
  { path: 'docs/reference/operators.md', make: operatorsReference },
  { path: 'docs/reference/retention.md', make: retentionReference },
  { path: 'docs/reference/template-helpers.md', make: templateHelpersReference },
  { path: 'docs/reference/cli.md', make: cliReference },
  { path: 'docs/reference/compatibility.md', make: (now) => withGenerated(now, 'lenient', lenientTable()) },
  { path: 'docs/guides/selling.md', make: (now) => withGenerated(now, 'distribution-methods', methodTable()) },
  { path: 'docs/guides/explain.md', make: (now) => withGenerated(now, 'explanations', explanations()) },
  {
    path: 'ARCHITECTURE.md',
    make: (now) => ARCHITECTURE_TABLES.reduce((text, [name, made]) => withGenerated(text, name, made()), now),
  },
];

/** The files that are not what the tables make of them, with the text they should have. */
export async function staleFiles(): Promise<{ path: string; text: string }[]> {
  const files = await Promise.all(
    GENERATED.map(async ({ path, make }) => {
      const now = readText(path);
      return { path, now, text: await make(now) };
    }),
  );
  return files.filter(({ now, text }) => now !== text).map(({ path, text }) => ({ path, text }));
}

function readText(path: string): string {
  const file = join(packageRoot, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

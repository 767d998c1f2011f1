import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/package-root.ts';
import { SCREENS } from './screens.ts';
import type { Demo } from './start-demo.ts';

const NO_SCREEN: Readonly<Record<string, string>> = {
  '/sign-in': 'is before the session; test/console/sign-in.test.ts',
  '/welcome': 'is before the session; test/console/setup.test.ts',
  '/invitation': 'is before the session; test/console/invitation.test.ts',
  '/flows/$flowId/edit': 'leads to its first part',
  '/settings': 'leads to the profile',
  '/import': 'leads to the import of leads',
};

/** Any id of the demo. */
const ID = 'x';
const DEMO = {
  ...{ leads: { success: ID, failure: ID, error: ID }, flowId: ID, sourceId: ID, postingPath: '/submission/x' },
  ...{ problemId: ID, recipientId: ID, listId: ID, credentialId: ID, batchId: ID, reportId: ID, jobId: ID },
  sharedPath: '/reports/shared/x',
} as const satisfies Partial<Demo>;

describe('screens of the demo', () => {
  const routes = [
    ...readFileSync(join(packageRoot, 'console/src/routes.tsx'), 'utf8').matchAll(/^ {2}path: '(.+)',$/gm),
  ].map(([, path = '']) => path);
  // They ask for nothing else of the demo.
  const shown = SCREENS.map(({ path }) => new URL(path(DEMO as unknown as Demo), 'http://localhost').pathname);
  const isShown = (route: string) => {
    // The routes with a name in this place come first: `/reports/new` is no report.
    const found = shown.map((path) => path.replace(/^\/app(?=\/)/, '')).filter((path) => matches(route, path));
    return found.some((path) => !routes.some((other) => other === path && other !== route));
  };

  it('show every route of the console but those that are listed here', () => {
    expect(routes.length).toBeGreaterThan(50);
    expect(routes.filter((route) => !isShown(route)).sort()).toEqual(Object.keys(NO_SCREEN).sort());
  });

  it('have names of their own', () => {
    const names = SCREENS.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});

function matches(route: string, path: string): boolean {
  const [parts, given] = [route.split('/'), path.split('/')];
  return parts.length === given.length && parts.every((part, index) => part.startsWith('$') || part === given[index]);
}

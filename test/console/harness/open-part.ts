import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import type { FlowDocument } from '../../../src/model/flow.ts';
import { packageRoot } from '../../../src/package-root.ts';

let built: Promise<string> | undefined;

/** The folder with the page of parts; built once in a run of a worker. */
async function buildPartPage(): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'sluice-part-page-'));
  await build({ configFile: join(packageRoot, 'test/console/part-page/vite.config.ts'), build: { outDir } });
  return outDir;
}

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

export interface PartPlace {
  flow: string;
  part: 'rules' | 'criteria' | 'mappings';
  path: string;
  faults?: { path: string; message: string; level: 'error' | 'warning' }[];
  width?: number;
  isReadOnly?: boolean;
}

/** Opens a part of the editor alone, as the person who is signed in on the page; it asks the server as the console does. */
export async function openPart(page: Page, { flow, part, path, faults, width, isReadOnly }: PartPlace): Promise<void> {
  built ??= buildPartPage();
  const folder = await built;
  await page.route('**/app/part-page/**', (route) => {
    const name = new URL(route.request().url()).pathname.slice('/app/part-page/'.length) || 'index.html';
    const type = TYPES[extname(name)] ?? 'application/octet-stream';
    return route.fulfill({ body: readFileSync(join(folder, name)), contentType: type });
  });
  const query = new URLSearchParams({
    ...{ flow, part, path },
    ...(faults && { faults: JSON.stringify(faults) }),
    ...(width && { width: String(width) }),
    ...(isReadOnly && { 'read-only': '' }),
  });
  await page.goto(`/app/part-page/?${query}`);
  await page.getByRole('heading', { name: 'A part' }).waitFor();
}

/** The document as the part has changed it. */
export function readPartDocument(page: Page): Promise<FlowDocument> {
  return page.evaluate('window.flow');
}

/** What was said of each change, the last one last. */
export function readPartSaid(page: Page): Promise<string[]> {
  return page.evaluate('window.said');
}

import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { packageRoot } from '../../../src/package-root.ts';

const APP = join(packageRoot, 'dist/app');
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.html': 'text/html; charset=utf-8',
};

/** Answers what is below /app from dist/app as the server will, inside the browser. */
export async function serveBuilt(context: BrowserContext): Promise<void> {
  await context.route(
    (url) => url.pathname === '/app' || url.pathname.startsWith('/app/'),
    (route) => {
      const path = normalize(new URL(route.request().url()).pathname).slice('/app/'.length);
      const file = join(APP, path);
      if (path !== '' && existsSync(file) && statSync(file).isFile())
        return route.fulfill({ contentType: TYPES[extname(file)] ?? 'application/octet-stream', path: file });
      if (path.startsWith('assets/')) return route.fulfill({ status: 404, body: '' });
      const nonce = randomBytes(16).toString('base64');
      return route.fulfill({
        contentType: TYPES['.html'] ?? '',
        headers: { 'Content-Security-Policy': buildPolicy(nonce), 'Cache-Control': 'no-store' },
        body: readFileSync(join(APP, 'index.html'), 'utf8').replaceAll('{{nonce}}', nonce),
      });
    },
  );
}

function buildPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self'",
    "connect-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

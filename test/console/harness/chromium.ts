import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/**
 * The engine without the windows of a desktop comes first: a page takes 40 % of the processor's time that it takes in the other. On
 * Debian it is the package chromium-headless-shell.
 */
const PATHS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'] as const;
const PATH = process.env['SLUICE_CHROMIUM'] ?? PATHS.find(existsSync) ?? PATHS[1];

/** Without a browser the tests of the console are skipped: `describe.skipIf(!isChromiumInstalled)`. */
export const isChromiumInstalled = existsSync(PATH);
if (!isChromiumInstalled) console.warn(`the console is not tested: there is no ${PATH}; SLUICE_CHROMIUM names another`);

/** A browser of the caller's own, who closes it. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: PATH, args: ['--no-sandbox'] });
}

let shared: Promise<Browser> | undefined;

/**
 * The browser of this worker, for the files that run in it one after the other; it ends with the worker. Contexts are profiles of
 * their own, and who opened one closes it.
 */
export function shareChromium(): Promise<Browser> {
  shared ??= launchChromium().then((browser) => {
    // The next file gets another one in place of one that broke.
    browser.on('disconnected', () => {
      shared = undefined;
    });
    return browser;
  });
  return shared;
}

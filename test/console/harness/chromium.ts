import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PATH = process.env['SLUICE_CHROMIUM'] ?? '/usr/bin/chromium';

/** Without a browser the tests of the console are skipped: `describe.skipIf(!isChromiumInstalled)`. */
export const isChromiumInstalled = existsSync(PATH);
if (!isChromiumInstalled) console.warn(`the console is not tested: there is no ${PATH}; SLUICE_CHROMIUM names another`);

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: PATH, args: ['--no-sandbox'] });
}

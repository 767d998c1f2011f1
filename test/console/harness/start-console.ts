import type { Browser } from 'playwright-core';
import { type ComposedServer, startTestServer } from '../../harness/server.ts';
import { launchChromium } from './chromium.ts';
import { ensureConsoleIsBuilt } from './ensure-built.ts';
import { type OpenedPage, openPage, type PageOptions } from './open-page.ts';
import { addPerson, type Role, signIn } from './sign-in.ts';

/** A server with the console, a browser, and a person of each role. */
export interface StartedConsole {
  server: ComposedServer;
  browser: Browser;
  /** A page of nobody. */
  open(options?: Omit<PageOptions, 'url'>): Promise<OpenedPage>;
  /** A page of a person of this role, at this path. */
  openAs(role: Role, path?: string, options?: Omit<PageOptions, 'url'>): Promise<OpenedPage>;
  stop(): Promise<void>;
}

/** `fill` makes what the pages show, before anybody signs in; `overrides`: settings of the server. */
export async function startConsole(
  fill?: (server: ComposedServer) => Promise<unknown>,
  overrides: Parameters<typeof startTestServer>[0] = {},
): Promise<StartedConsole> {
  await ensureConsoleIsBuilt();
  const server = await startTestServer(overrides);
  await fill?.(server);
  const browser = await launchChromium();
  const people = new Map<Role, Promise<string>>();
  const open: StartedConsole['open'] = (options) => openPage(browser, { url: server.url, ...options });
  return {
    server,
    browser,
    open,
    openAs: async (role, path = '/app/', options = {}) => {
      if (!people.has(role)) people.set(role, addPerson(server, role));
      const email = (await people.get(role)) ?? '';
      const opened = await open(options);
      await signIn(opened.page, email, path);
      return opened;
    },
    stop: async () => {
      await browser.close();
      await server.stop();
    },
  };
}

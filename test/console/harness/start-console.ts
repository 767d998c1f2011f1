import { type ComposedServer, startTestServer } from '../../harness/server.ts';
import { shareChromium } from './chromium.ts';
import { ensureConsoleIsBuilt } from './ensure-built.ts';
import { createPagePool, type OpenedPage, type PageOptions } from './open-page.ts';
import { addPerson, type Role, startSession } from './sign-in.ts';

/** A server with the console, and a person of each role in the browser of this worker. */
export interface StartedConsole {
  server: ComposedServer;
  /** A page of nobody. */
  open(options?: Omit<PageOptions, 'url'>): Promise<OpenedPage>;
  /** A page of a person of this role, at this path. */
  openAs(role: Role, path?: string, options?: Omit<PageOptions, 'url'>): Promise<OpenedPage>;
  stop(): Promise<void>;
}

/** Pages show what a person did more often than what a duty did: at the pace of other tests, duties were most of what such a server does. */
const DUTY_PACE = 4;

/** `fill` makes what the pages show, before anybody signs in; `overrides`: settings of the server. */
export async function startConsole(
  fill?: (server: ComposedServer) => Promise<unknown>,
  overrides: Parameters<typeof startTestServer>[0] = {},
): Promise<StartedConsole> {
  await ensureConsoleIsBuilt();
  const server = await startTestServer({ dutyPace: DUTY_PACE, ...overrides });
  await fill?.(server);
  const pool = createPagePool(await shareChromium(), server.url);
  const people = new Map<Role, Promise<string>>();
  return {
    server,
    open: pool.open,
    openAs: async (role, path = '/app/', options = {}) => {
      if (!people.has(role)) people.set(role, addPerson(server, role));
      const email = (await people.get(role)) ?? '';
      const opened = await pool.open(options);
      await startSession(opened.page, email, path);
      return opened;
    },
    stop: async () => {
      // What a test that failed has left open asks the server until the end; closing twice does nothing.
      await pool.close();
      await server.stop();
    },
  };
}

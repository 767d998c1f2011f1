import type { Browser, BrowserContext, Page } from 'playwright-core';

export type Scheme = 'light' | 'dark';

export interface Viewport {
  width: number;
  height: number;
}

/** The three sizes that screenshots are taken at. */
export const SIZES = {
  desktop: { width: 1440, height: 900 },
  laptop: { width: 1024, height: 768 },
  phone: { width: 390, height: 844 },
} as const satisfies Record<string, Viewport>;

export interface OpenedPage {
  page: Page;
  context: BrowserContext;
  /**
   * What no page may have: errors in its console, uncaught ones, what the Content-Security-Policy refused, requests
   * that failed, and requests to another origin. `checkPage` reports and empties it; a test that makes a request fail
   * takes its lines out.
   */
  faults: string[];
  close(): Promise<void>;
}

export interface PageOptions {
  /** Of the server: `http://127.0.0.1:8400`. */
  url: string;
  scheme?: Scheme;
  viewport?: Viewport;
  timezoneId?: string;
  /** false: the page runs no script. */
  hasScript?: boolean;
}

/** A page in a browser profile of its own, at the root of nothing yet; its faults are noted from the start. */
export async function openPage(browser: Browser, options: PageOptions): Promise<OpenedPage> {
  const page = await openProfile(browser, options);
  return { page, context: page.context(), faults: noteFaults(page, options.url), close: () => page.context().close() };
}

/** Pages of one server, opened one after the other. */
export interface PagePool {
  /** As if its profile were new. */
  open(options?: Omit<PageOptions, 'url'>): Promise<OpenedPage>;
  /** Ends all profiles, those in use, too. */
  close(): Promise<void>;
}

/**
 * A page that is closed is emptied and opened again by the next one that asks for the same profile: its process has the code of
 * the console compiled, which takes most of the time of a first page.
 */
export function createPagePool(browser: Browser, url: string): PagePool {
  const contexts: BrowserContext[] = [];
  const kept = new Map<string, Page[]>();
  return {
    open: async (options = {}) => {
      const { viewport = SIZES.desktop, ...profile } = options;
      const free = kept.get(JSON.stringify(profile)) ?? [];
      kept.set(JSON.stringify(profile), free);
      const page = free.pop() ?? (await openProfile(browser, { url, ...options }));
      const context = page.context();
      if (!contexts.includes(context)) contexts.push(context);
      await page.setViewportSize(viewport);
      let closed: Promise<void> | undefined;
      const close = async () => {
        const isEmpty = profile.hasScript !== false && (await emptyPage(page, { url, ...profile }));
        if (isEmpty) free.push(page);
        else await context.close();
      };
      return { page, context, faults: noteFaults(page, url), close: () => (closed ??= close()) };
    },
    // Closing twice does nothing.
    close: async () => void (await Promise.all(contexts.map((context) => context.close()))),
  };
}

async function openProfile(browser: Browser, options: PageOptions): Promise<Page> {
  const { url, scheme = 'light', viewport = SIZES.desktop, timezoneId = 'Asia/Tokyo' } = options;
  const context = await browser.newContext({
    ...{ baseURL: url, colorScheme: scheme, viewport, timezoneId },
    locale: 'en-US',
    javaScriptEnabled: options.hasScript ?? true,
    reducedMotion: 'reduce',
  });
  return context.newPage();
}

/** What `noteFaults` and tests listen to. */
const LISTENED = ['console', 'pageerror', 'requestfailed', 'response', 'request', 'dialog', 'download'] as const;

/** Leaves the page, and takes from its profile what pages, people and tests left there; false: it cannot. */
async function emptyPage(page: Page, { url, scheme = 'light' }: PageOptions): Promise<boolean> {
  const context = page.context();
  try {
    for (const event of LISTENED) page.removeAllListeners(event);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await context.unrouteAll({ behavior: 'ignoreErrors' });
    await Promise.all(context.pages().flatMap((other) => (other === page ? [] : [other.close()])));
    await context.setOffline(false);
    await context.clearPermissions();
    // Of the same origin, so that the process stays, and without anything that would write again.
    await page.goto(`${url}/livez`);
    await page.evaluate('localStorage.clear(); sessionStorage.clear()');
    await context.clearCookies();
    await page.emulateMedia({ media: null, colorScheme: scheme });
    return true;
  } catch {
    // It was closed, or its server is gone.
    return false;
  }
}

function noteFaults(page: Page, url: string): string[] {
  const faults: string[] = [];
  page.on('console', (message) => {
    // A refusal of the API is an answer like any other; the client reports what the page does not expect.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('requestfailed', (request) => {
    // What a page no longer needs when it is left ends like this.
    const reason = request.failure()?.errorText ?? '';
    if (reason !== 'net::ERR_ABORTED') faults.push(`${request.method()} ${request.url()}: ${reason}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 500) faults.push(`${response.url()} answered ${response.status()}`);
  });
  page.on('request', (request) => {
    const asked = request.url();
    if (!asked.startsWith(`${url}/`) && !asked.startsWith('data:'))
      faults.push(`a request to another origin: ${asked}`);
  });
  return faults;
}

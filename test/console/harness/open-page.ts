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
  const { url, scheme = 'light', viewport = SIZES.desktop, timezoneId = 'Asia/Tokyo' } = options;
  const context = await browser.newContext({
    ...{ baseURL: url, colorScheme: scheme, viewport, timezoneId },
    locale: 'en-US',
    javaScriptEnabled: options.hasScript ?? true,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
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
  return { page, context, faults, close: () => context.close() };
}

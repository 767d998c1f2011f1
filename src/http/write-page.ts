import { createHash } from 'node:crypto';
import { embed, type Html, html, writeHtml } from '../lib/html.ts';
import type { FindConsole } from './console/console-files.ts';

/** The build's style and script, which stand in the page itself: one request is the whole page. */
export interface PageAssets {
  style: string;
  /** null: the page has none. */
  script: string | null;
}

/** A page and the headers that guard it. */
export interface WrittenPage {
  html: string;
  headers: Readonly<Record<string, string>>;
}

/** The style and script that the build has for a page, by their paths; null: nothing is built, and pages are complete without. */
export async function findPageAssets(
  findConsole: FindConsole,
  { style, script }: { style: string; script?: string },
): Promise<PageAssets | null> {
  const built = await findConsole();
  const textOf = (path: string) => built?.files.get(path)?.plain.toString('utf8');
  const [css, js] = [textOf(style), script === undefined ? null : textOf(script)];
  return css === undefined || js === undefined ? null : { style: css, script: js };
}

/**
 * A page for strangers who have a link, as an HTML document. Only the style and the script of the build run, by their hashes:
 * markup that got into the page would be inert. The page asks this server alone, is framed by nobody, is listed by no search
 * engine, and tells no other site that there is a link. `markdown`: where the same is as Markdown, which programs learn from the
 * head and from the header (decision page 0113).
 */
export function writePage(given: {
  title: string;
  body: Html;
  assets: PageAssets | null;
  markdown?: string;
}): WrittenPage {
  const { title, body, assets, markdown } = given;
  const { style = null, script = null } = assets ?? {};
  const document = html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="robots" content="noindex, nofollow"><title>${title}</title>${markdown !== undefined && html`<link rel="alternate" type="text/markdown" href="${markdown}">`}${style !== null && embed('style', style)}</head><body>${body}${script !== null && embed('script', script)}</body></html>`;
  const links =
    markdown === undefined ? {} : { Link: `<${markdown}>; rel="alternate"; type="text/markdown", ${INDEX}` };
  return { html: writeHtml(document), headers: { ...listHeaders({ style, script }), ...links } };
}

/** What there is to read on this server. */
const INDEX = '</llms.txt>; rel="describedby"; type="text/plain"';

function listHeaders({ style, script }: { style: string | null; script: string | null }): Record<string, string> {
  const policy = [
    "default-src 'none'",
    `script-src ${script === null ? "'none'" : hashOf(script)}`,
    `style-src ${style === null ? "'none'" : hashOf(style)}`,
    `connect-src ${script === null ? "'none'" : "'self'"}`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': policy.join('; '),
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'X-Robots-Tag': 'noindex, nofollow',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  };
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

import { createHash } from 'node:crypto';
import { html } from '../../posting/render/html.ts';
import {
  type PageAssets,
  type RenderedParts,
  renderPostingPage,
  writeDocument,
} from '../../posting/render/render-posting-page.ts';
import type { FindConsole } from '../console/console-files.ts';

/** A page and the headers that guard it. */
export interface PostingHtml {
  html: string;
  headers: Readonly<Record<string, string>>;
}

export interface PostingHtmlDeps {
  /** The style and the script of the page are built with the console. */
  findConsole: FindConsole;
}

/** The posting page. While nothing is built it has neither style nor script, and is complete. */
export async function writePostingHtml(
  deps: PostingHtmlDeps,
  parts: Omit<RenderedParts, 'assets'>,
): Promise<PostingHtml> {
  const assets = await findAssets(deps);
  return { html: renderPostingPage({ ...parts, assets }), headers: listHeaders(assets) };
}

/** A page that says one thing, such as that there is nothing. */
export async function writeNotice(
  deps: PostingHtmlDeps,
  { title, sentence }: { title: string; sentence: string },
): Promise<PostingHtml> {
  const assets = await findAssets(deps);
  const body = html`<div class="frame"><main id="main"><h1>${title}</h1><p>${sentence}</p></main></div>`;
  return { html: writeDocument({ title: `${title} · Sluice`, body, assets }), headers: listHeaders(assets) };
}

async function findAssets({ findConsole }: PostingHtmlDeps): Promise<PageAssets | null> {
  const built = await findConsole();
  const style = built?.files.get('posting/page.css')?.plain;
  const script = built?.files.get('posting/page.js')?.plain;
  return style && script ? { style: style.toString('utf8'), script: script.toString('utf8') } : null;
}

/**
 * Only the style and the script of the build run, by their hashes: markup that got into the page would be inert. The page
 * asks this server alone, is framed by nobody, and tells no other site that there is a link.
 */
function listHeaders(assets: PageAssets | null): Record<string, string> {
  const policy = [
    "default-src 'none'",
    `script-src ${assets ? hashOf(assets.script) : "'none'"}`,
    `style-src ${assets ? hashOf(assets.style) : "'none'"}`,
    "connect-src 'self'",
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

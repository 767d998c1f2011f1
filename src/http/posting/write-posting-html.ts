import { html } from '../../lib/html.ts';
import { type RenderedParts, renderPostingPage } from '../../posting/render/render-posting-page.ts';
import type { FindConsole } from '../console/console-files.ts';
import { findPageAssets, type WrittenPage, writePage } from '../write-page.ts';

export interface PostingHtmlDeps {
  /** The style and the script of the page are built with the console. */
  findConsole: FindConsole;
}

/** In the build. */
const FILES = { style: 'posting/page.css', script: 'posting/page.js' };

/** The posting page. While nothing is built it has neither style nor script, and is complete. */
export async function writePostingHtml({ findConsole }: PostingHtmlDeps, parts: RenderedParts): Promise<WrittenPage> {
  const assets = await findPageAssets(findConsole, FILES);
  return writePage({ ...renderPostingPage(parts), assets, markdown: `${parts.path}.md` });
}

/** A page that says one thing, such as that there is nothing. */
export async function writeNotice(
  { findConsole }: PostingHtmlDeps,
  { title, sentence }: { title: string; sentence: string },
): Promise<WrittenPage> {
  const body = html`<div class="frame"><main id="main"><h1>${title}</h1><p>${sentence}</p></main></div>`;
  return writePage({ title: `${title} · Sluice`, body, assets: await findPageAssets(findConsole, FILES) });
}

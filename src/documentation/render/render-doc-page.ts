import { attributes, type Html, html } from '../../lib/html.ts';
import type { Sliced } from '../../lib/slices.ts';
import type { DocLibrary, DocPage } from '../library.ts';
import { parseMarkdown } from '../markdown/parse-markdown.ts';
import { type Chapter, renderBlocks } from './render-blocks.ts';

/** Fewer are seen at a glance. */
const CHAPTERS_MIN = 3;

/** What is in the body of a page, and its title. */
export interface RenderedDoc {
  title: string;
  body: Html;
}

/** A page of the documentation as markup. */
export function* renderDocPage(library: DocLibrary, page: DocPage): Sliced<RenderedDoc> {
  const blocks = yield* parseMarkdown(page.text);
  const { parts, chapters } = yield* renderBlocks(blocks, (target) => library.resolve(page, target));
  const [heading, ...rest] = parts;
  const main = html`${heading}${renderChapters(chapters)}${rest}`;
  return renderFrame(library, { page, title: page.title, main });
}

/** Where there is no page: the menu has those that exist. */
export function renderNoDocPage(library: DocLibrary): RenderedDoc {
  const title = 'There is no such page';
  const main = html`<h1>${title}</h1><p>The documentation has the pages of the menu. <a href="/docs/">Its index</a> says what each is for.</p>`;
  return renderFrame(library, { page: null, title, main });
}

/** No heading has a dot in its name, so none is `page.main` or `page.menu`. */
function renderFrame(
  { groups }: DocLibrary,
  { page, title, main }: { page: DocPage | null; title: string; main: Html },
): RenderedDoc {
  const menu = groups.map(
    ({ title: group, pages }) =>
      html`<h2 class="group">${group}</h2><ul>${pages.map((each) => html`<li><a href="${each.address}"${attributes({ 'aria-current': each === page ? 'page' : null })}>${each.title}</a></li>`)}</ul>`,
  );
  const body = html`<a class="skip" href="#page.main">Skip to the page</a><div class="frame docs"><header class="top"><p class="bar"><a href="/docs/">Sluice documentation</a><a class="narrow" href="#page.menu">All pages</a>${page && html`<a href="${page.source}">As Markdown</a>`}<a href="/app/">Console</a></p></header><main id="page.main" tabindex="-1">${main}</main><nav class="menu" id="page.menu" aria-label="Pages">${menu}</nav></div>`;
  return { title: `${title} · Documentation · Sluice`, body };
}

function renderChapters(chapters: readonly Chapter[]): Html | null {
  if (chapters.length < CHAPTERS_MIN) return null;
  return html`<nav class="chapters" aria-label="On this page"><ul>${chapters.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>`;
}

import { type Html, html } from '../../lib/html.ts';
import type { PostingPage } from '../posting-page.ts';
import type { Snippet } from '../snippets/snippet.ts';
import { renderFields } from './fields-section.ts';
import { renderHeader, renderSubmitUrl } from './header-section.ts';
import { renderChanges, renderDownloads, renderFeedback, renderPing, renderRedirect } from './later-section.ts';
import { renderSection, type Section } from './parts.ts';
import { renderAuthentication, renderCodeSamples, renderWaiting } from './request-section.ts';
import { renderResponses } from './responses-section.ts';
import { renderLimits, renderPrice, renderRules } from './rules-section.ts';
import { renderTry, type ShownTry } from './try-section.ts';

export interface RenderedParts {
  page: PostingPage;
  snippets: readonly Snippet[];
  /** The path of the page: `/submission/{token}`. */
  path: string;
  /** null: nothing was tried yet. */
  shownTry: ShownTry | null;
}

/** The posting page as markup: what is in its body, and its title. All that the owner or a vendor typed is text in it, never markup. */
export function renderPostingPage({ page, snippets, path, shownTry }: RenderedParts): { title: string; body: Html } {
  const sections = listSections(page, { snippets, path, shownTry }).filter(({ content }) => content !== null);
  const title = `${shownTry ? 'Dry run · ' : ''}${page.source.name}, ${page.flow.name} · Posting page · Sluice`;
  const body = html`<a class="skip" href="#main">Skip to the page</a><div class="frame">${renderHeader(page)}<main id="main" tabindex="-1">${sections.map((section, place) => [renderSection(section), place === 0 && renderMenu(sections)])}</main></div><p id="said" class="unseen" role="status" aria-live="polite"></p>`;
  return { title, body };
}

/** Beside the page; on a phone it is folded, below the URL that most come for. A box folds it, because there is no script. */
function renderMenu(sections: readonly Section[]): Html {
  return html`<nav aria-label="Sections"><div class="fold"><input type="checkbox" id="menu" autocomplete="off"><label for="menu">Show all sections</label></div><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>`;
}

/** In the order of reading: what is sent, what is judged, what comes back. */
function listSections(page: PostingPage, given: Pick<RenderedParts, 'snippets' | 'path' | 'shownTry'>): Section[] {
  return [
    { id: 'url', title: 'Submit URL', content: renderSubmitUrl(page) },
    { id: 'authentication', title: 'Authentication', content: renderAuthentication(page) },
    { id: 'fields', title: 'Fields', content: renderFields(page) },
    { id: 'rules', title: 'Rules', content: renderRules(page) },
    { id: 'limits', title: 'Hours and limits', content: renderLimits(page) },
    { id: 'price', title: 'Price', content: renderPrice(page) },
    { id: 'waiting', title: 'Waiting and sending again', content: renderWaiting(page) },
    {
      id: 'try',
      title: 'Try it',
      content: renderTry(page, { shown: given.shownTry, action: `${given.path}/dry-run` }),
    },
    { id: 'code', title: 'Code', content: renderCodeSamples(page, given.snippets) },
    { id: 'responses', title: 'Responses', content: renderResponses(page) },
    { id: 'ping', title: 'Ping', content: renderPing(page) },
    { id: 'redirect', title: 'Redirect', content: renderRedirect(page) },
    { id: 'feedback', title: 'Feedback', content: renderFeedback(page) },
    { id: 'changes', title: 'What changed', content: renderChanges(page) },
    { id: 'downloads', title: 'Downloads', content: renderDownloads(page) },
  ];
}

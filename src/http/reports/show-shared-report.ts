import { html } from '../../lib/html.ts';
import { renderReportPage } from '../../reports/page/render-report-page.ts';
import { writeReportMarkdown } from '../../reports/page/write-report-markdown.ts';
import type { FindConsole } from '../console/console-files.ts';
import { type ApiError, ERRORS } from '../errors.ts';
import { openSharedReport, pageOf, type ReportDeps, SHARED_HEADERS } from '../handlers/reports.ts';
import { givenByQuery, parseParameters } from '../parameters.ts';
import { prefersText } from '../prefers-text.ts';
import type { ShownPage, ShowPage } from '../register-api.ts';
import { SHARED_PARAMETERS } from '../report-question.ts';
import type { RawRequest } from '../route.ts';
import { findPageAssets, writePage } from '../write-page.ts';

interface SharedPageDeps {
  api: ReportDeps;
  /** The style of the page is built with the console. */
  findConsole: FindConsole;
}

/** In the build. */
const FILES = { style: 'report/page.css' };

/** The page of a shared report, at the URL of its rows: a link is opened by people and read by programs. */
export function showSharedReport({ api, findConsole }: SharedPageDeps): ShowPage {
  return async (request) => {
    const accept = acceptOf(request);
    const isPage = prefersText(accept, 'text/html');
    if (!isPage && !prefersText(accept, 'text/markdown')) return null;
    const { token = '' } = request.params;
    const path = `/reports/shared/${encodeURIComponent(token)}`;
    const query = parseParameters(SHARED_PARAMETERS, givenByQuery(request.query));
    if (!query.ok) return isPage ? showFault(findConsole, { error: query.error, path }) : null;
    const opened = await openSharedReport(api, { browser: request.browser, params: { token }, query: query.value });
    if (!opened.ok) return isPage ? showFault(findConsole, { error: opened.error, path }) : null;
    const page = pageOf(api, opened.value);
    if (!isPage) return { status: 200, text: writeReportMarkdown(page), headers: MARKDOWN };
    const rendered = renderReportPage({ page, path, asked: query.value });
    const assets = await findPageAssets(findConsole, FILES);
    const written = writePage({ ...rendered, assets, markdown: `${path}.md` });
    return { status: 200, text: written.html, headers: written.headers };
  };
}

const MARKDOWN = { ...SHARED_HEADERS, 'Content-Type': 'text/markdown; charset=utf-8' };

function acceptOf({ headers }: RawRequest): string | undefined {
  const { accept } = headers;
  return typeof accept === 'string' ? accept : undefined;
}

const BUSY = 503;

/** What a person can do. Of a link that ended no more is said than of one that never was. */
async function showFault(
  findConsole: FindConsole,
  { error, path }: { error: ApiError; path: string },
): Promise<ShownPage> {
  const { title, sentence } = sayFault(error);
  const body = html`<div class="frame"><main id="main"><h1>${title}</h1><p>${sentence}</p>${error.code === 'malformed_query' && html`<p><a href="${path}">Show the time that was shared</a></p>`}</main></div>`;
  const written = writePage({ title: `${title} · Sluice`, body, assets: await findPageAssets(findConsole, FILES) });
  const status = ERRORS[error.code];
  const again = status === BUSY ? { 'Retry-After': '1' } : {};
  return { status, text: written.html, headers: { ...written.headers, ...again, ...error.headers } };
}

function sayFault({ code, message, details = [] }: ApiError): { title: string; sentence: string } {
  if (code === 'not_found') {
    return {
      title: 'There is no report here',
      sentence:
        'The link was ended or replaced, has expired, or is not complete. Ask the person who gave it to you for a new one.',
    };
  }
  const faults = details.map((detail) => `${detail.path}: ${detail.message}`);
  return {
    title: code === 'malformed_query' ? 'The report has no such time' : 'The report cannot be shown now',
    sentence: [message, ...faults].join(' '),
  };
}

import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { DocLibrary, DocPage } from '../../documentation/library.ts';
import { renderDocPage, renderNoDocPage } from '../../documentation/render/render-doc-page.ts';
import { writeMarkdownTwin } from '../../documentation/write-markdown-twin.ts';
import type { RunSliced } from '../../lib/slices.ts';
import { NOTHING_ALLOWED } from '../page-guards.ts';
import { type PageAssets, type WrittenPage, writePage } from '../write-page.ts';

/** A page in one of its forms, as it is sent. */
export interface SentDoc {
  plain: Buffer;
  gzip: Buffer;
  /** Of what it holds; the coding adds to it. */
  tag: string;
  headers: Readonly<Record<string, string>>;
}

export interface RenderedDocs {
  page(page: DocPage): Promise<SentDoc>;
  source(page: DocPage): Promise<SentDoc>;
  /** Where there is no page. */
  nothing(): Promise<SentDoc>;
}

/** 128 bits. */
const TAG_CHARACTERS = 22;
const compress = promisify(gzip);

/**
 * Renders each page when it is asked for first, in slices, and holds it: there are as many as files, so no request makes
 * a process hold more.
 */
export function createRenderedDocs(
  library: DocLibrary,
  { assets, runSliced }: { assets: PageAssets | null; runSliced: RunSliced },
): RenderedDocs {
  const held = new Map<string, Promise<SentDoc>>();
  const once = (key: string, write: () => Promise<WrittenPage>): Promise<SentDoc> => {
    const before = held.get(key);
    if (before) return before;
    const sent = write().then(prepare);
    held.set(key, sent);
    // What failed is tried again by the next request.
    sent.catch(() => held.delete(key));
    return sent;
  };
  return {
    page: (page) =>
      once(page.address, async () => {
        const rendered = await runSliced(renderDocPage(library, page));
        return writePage({ ...rendered, assets, markdown: page.source });
      }),
    source: (page) =>
      once(page.source, async () => ({ html: writeMarkdownTwin(library, page), headers: MARKDOWN_HEADERS })),
    nothing: () => once('', async () => writePage({ ...renderNoDocPage(library), assets })),
  };
}

const MARKDOWN_HEADERS = {
  'Content-Type': 'text/markdown; charset=utf-8',
  'Content-Security-Policy': NOTHING_ALLOWED,
};

async function prepare({ html, headers }: WrittenPage): Promise<SentDoc> {
  const plain = Buffer.from(html);
  const tag = createHash('sha256').update(plain).digest('base64url').slice(0, TAG_CHARACTERS);
  return { plain, gzip: await compress(plain), tag, headers };
}

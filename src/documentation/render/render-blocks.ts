import { attributes, type Html, html } from '../../lib/html.ts';
import type { Sliced } from '../../lib/slices.ts';
import { renderExample, renderTable } from '../../posting/render/parts.ts';
import { type Block, type HeadingBlock, type Inline, type TableBlock, textOf } from '../markdown/block.ts';
import { nameAnchors } from './name-anchors.ts';

/** Where a target leads, with the title of the page; null: nowhere here, so that the words stand alone. */
export type ResolveLink = (target: string) => { href: string; title: string | null } | null;

/** A heading to which the head of the page links. */
export interface Chapter {
  id: string;
  title: string;
}

interface Rendering {
  resolve: ResolveLink;
  nameAnchor(heading: string): string;
  /** The last heading: what a table is about. */
  heading: string;
  chapters: Chapter[];
}

/** The blocks of a page as HTML, and its chapters: the headings of the second level. */
export function* renderBlocks(
  blocks: readonly Block[],
  resolve: ResolveLink,
): Sliced<{ parts: Html[]; chapters: readonly Chapter[] }> {
  const rendering: Rendering = { resolve, nameAnchor: nameAnchors(), heading: '', chapters: [] };
  const parts: Html[] = [];
  for (const block of blocks) {
    parts.push(renderBlock(block, rendering));
    yield;
  }
  return { parts, chapters: rendering.chapters };
}

function renderBlock(block: Block, rendering: Rendering): Html {
  const inline = (children: readonly Inline[]) => renderInline(children, rendering.resolve);
  switch (block.kind) {
    case 'heading':
      return renderHeading(block, rendering);
    case 'paragraph':
      return html`<p>${inline(block.children)}</p>`;
    case 'code':
      return renderExample(block.text);
    case 'table':
      return renderDocTable(block, rendering);
    case 'list': {
      const items = block.items.map((item) => html`<li>${item.map((each) => renderItemPart(each, rendering))}</li>`);
      if (block.start === null) return html`<ul>${items}</ul>`;
      return html`<ol${attributes({ start: block.start === 1 ? null : block.start })}>${items}</ol>`;
    }
  }
}

/** A paragraph of an item is its text. */
function renderItemPart(block: Block, rendering: Rendering): Html {
  return block.kind === 'paragraph'
    ? html`${renderInline(block.children, rendering.resolve)}`
    : renderBlock(block, rendering);
}

function renderHeading({ level, children }: HeadingBlock, rendering: Rendering): Html {
  const title = textOf(children);
  const id = rendering.nameAnchor(title);
  rendering.heading = title;
  const content = renderInline(children, rendering.resolve);
  if (level === 1) return html`<h1 id="${id}">${content}</h1>`;
  if (level === 2) rendering.chapters.push({ id, title });
  const link = html` <a class="self" href="#${id}" aria-label="Link to: ${title}">#</a>`;
  return level === 2 ? html`<h2 id="${id}">${content}${link}</h2>` : html`<h3 id="${id}">${content}${link}</h3>`;
}

function renderDocTable({ columns, rows }: TableBlock, { resolve, heading }: Rendering): Html {
  return renderTable({
    caption: heading,
    columns: columns.map(textOf),
    rows: rows.map((row) => row.map((cell) => renderInline(cell, resolve))),
  });
}

function renderInline(children: readonly Inline[], resolve: ResolveLink): Html[] {
  return children.map((each) => renderMark(each, resolve));
}

const FILE_NAME = /^[\w-]+\.md$/;

function renderMark(mark: Inline, resolve: ResolveLink): Html {
  switch (mark.kind) {
    case 'text':
      return html`${mark.text}`;
    case 'code':
      return html`<code>${mark.text}</code>`;
    case 'strong':
      return html`<strong>${renderInline(mark.children, resolve)}</strong>`;
    case 'emphasis':
      return html`<em>${renderInline(mark.children, resolve)}</em>`;
    case 'link': {
      const found = resolve(mark.target);
      if (found === null) return html`${renderInline(mark.children, resolve)}`;
      // Who reads the page never sees the name of its file.
      const isFile = FILE_NAME.test(textOf(mark.children)) && found.title !== null;
      return html`<a href="${found.href}">${isFile ? found.title : renderInline(mark.children, resolve)}</a>`;
    }
  }
}

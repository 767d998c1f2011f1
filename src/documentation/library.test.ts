import { describe, expect, it } from 'vitest';
import { writeHtml } from '../lib/html.ts';
import { finish } from '../lib/slices.ts';
import { buildLibrary } from './library.ts';
import { renderDocPage } from './render/render-doc-page.ts';
import { writeMarkdownTwin } from './write-markdown-twin.ts';

const INDEX =
  '# The documents\n\n| I want to | Page |\n|---|---|\n| b first | [b.md](guides/b.md) |\n| a then | [a.md](guides/a.md) |\n';
const LIBRARY = buildLibrary([
  {
    path: 'guides/a.md',
    text: '# A & `a`\n<!-- not run -->\n## One\n\n## One\n\n[b.md](b.md), [out](../../src/x.ts), [sec](../reference/a.md#one)',
  },
  {
    path: 'guides/b.md',
    text: '# <img src=x onerror=alert(1)>\n\n```html\n</pre><script>1</script>\n```\n\n[x](javascript:alert(1)) [y](//evil.example)',
  },
  { path: 'reference/a.md', text: '# A again' },
  { path: 'decisions/README.md', text: '# Decisions' },
  { path: 'decisions/0001-x.md', text: '# 0001 X' },
  { path: 'README.md', text: INDEX },
]);

function found(path: string): string | undefined {
  const what = LIBRARY.find(path);
  if (what === undefined) return undefined;
  return what.kind === 'elsewhere' ? `→ ${what.address}` : `${what.kind} ${what.page.path}`;
}

function htmlOf(path: string): string {
  const page = LIBRARY.pages.find((each) => each.path === path);
  return page ? writeHtml(finish(renderDocPage(LIBRARY, page)).body) : '';
}

describe('the library', () => {
  it.each([
    ['', 'page README.md'],
    ['README.md', 'source README.md'],
    ['README', '→ /docs/'],
    ['guides/a', 'page guides/a.md'],
    ['guides/a/', 'page guides/a.md'],
    ['guides/a.md', 'source guides/a.md'],
    ['reference/a', 'page reference/a.md'],
    ['a', '→ /docs/guides/a'],
    ['a.md', '→ /docs/guides/a.md'],
    ['guides', '→ /docs/'],
    ['decisions', 'page decisions/README.md'],
    ['0001-x', undefined],
    ['../README.md', undefined],
    ['__proto__', undefined],
  ])('has at %j: %s', (path, expected) => {
    expect(found(path)).toBe(expected);
  });

  it('lists pages in the order of the index, with what it says of them', () => {
    const [guides, , background] = LIBRARY.groups;
    expect(guides?.pages.map(({ path, note }) => [path, note])).toEqual([
      ['guides/b.md', 'b first'],
      ['guides/a.md', 'a then'],
    ]);
    expect(background?.pages.map(({ path }) => path)).toEqual(['decisions/README.md']);
  });
});

describe('a page', () => {
  it('links to pages by their titles, to sections, and to nothing outside', () => {
    const html = htmlOf('guides/a.md');
    expect(html).toContain('<a href="/docs/guides/b">&lt;img src=x onerror=alert(1)&gt;</a>, out, ');
    expect(html).toContain('<a href="/docs/reference/a#one">sec</a>');
    expect(html).toMatch(/<h2 id="one">.*<h2 id="one-1">/);
    expect(html).not.toContain('not run');
  });

  it('has what is written as text, never as markup', () => {
    const html = htmlOf('guides/b.md');
    expect(html).not.toMatch(/<img|<script|href="javascript|href="\/\/evil/);
    expect(html).toContain('&lt;/pre&gt;&lt;script&gt;1&lt;/script&gt;');
  });

  it('as Markdown has no comments and no links that lead nowhere', () => {
    const [page] = LIBRARY.pages.filter(({ path }) => path === 'guides/a.md');
    expect(page && writeMarkdownTwin(LIBRARY, page)).toBe(
      '# A & `a`\n## One\n\n## One\n\n[b.md](b.md), out, [sec](../reference/a.md#one)',
    );
  });
});

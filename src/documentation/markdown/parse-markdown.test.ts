import { describe, expect, it } from 'vitest';
import { finish } from '../../lib/slices.ts';
import { type Block, type Inline, textOf } from './block.ts';
import { parseInline } from './parse-inline.ts';
import { parseMarkdown } from './parse-markdown.ts';

/** Blocks in short: `h2(Title)`, `p(text)`, `ul(p(a), p(b))`. */
function show(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `h${block.level}(${mark(block.children)})`;
    case 'paragraph':
      return `p(${mark(block.children)})`;
    case 'code':
      return `code:${block.language}(${block.text.replaceAll('\n', '/')})`;
    case 'list': {
      const items = block.items.map((item) => `[${item.map(show).join(' ')}]`).join('');
      return `${block.start === null ? 'ul' : `ol${block.start}`}${items}`;
    }
    case 'table':
      return [block.columns, ...block.rows].map((cells) => `|${cells.map(mark).join('|')}|`).join('');
  }
}

/** Marks in short: code in «», strong in ++, emphasis in //, links as `{text→target}`. */
function mark(children: readonly Inline[]): string {
  return children
    .map((each) => {
      if (each.kind === 'text') return each.text.replaceAll('\n', ' ');
      if (each.kind === 'code') return `«${each.text}»`;
      if (each.kind === 'link') return `{${mark(each.children)}→${each.target}}`;
      const sign = each.kind === 'strong' ? '++' : '//';
      return sign + mark(each.children) + sign;
    })
    .join('');
}

describe('the blocks of a page', () => {
  const cases: readonly [string, string][] = [
    ['# A\ntext\nmore\n\n## B', 'h1(A) p(text more) h2(B)'],
    [
      'a\n<!-- not run: why -->\n```sh\n# no heading\n| no | table |\n```\nb',
      'p(a) code:sh(# no heading/| no | table |) p(b)',
    ],
    ['```text\nnever closed', 'code:text(never closed)'],
    ['| A | B |\n|---|:-:|\n| `a \\| b` | c |\n| d |\ne', '|A|B||«a | b»|c||d|| p(e)'],
    ['| no delimiters | below |', 'p(| no delimiters | below |)'],
    ['- a\n  goes on\nlazily\n- b\n\ntext', 'ul[p(a goes on lazily)][p(b)] p(text)'],
    ['- a\n\n- b', 'ul[p(a)][p(b)]'],
    ['- a\n  - b\n  - c\n- d', 'ul[p(a) ul[p(b)][p(c)]][p(d)]'],
    ['3. a\n   - b\n4. c', 'ol3[p(a) ul[p(b)]][p(c)]'],
    ['1. a\n\n   ```sh\n   b\n   ```', 'ol1[p(a) code:sh(b)]'],
    ['the port is\n465. It is', 'p(the port is 465. It is)'],
    ['text\n- a', 'p(text) ul[p(a)]'],
    ['', ''],
  ];
  it.each(cases)('%j', (text, shown) => {
    expect(finish(parseMarkdown(text)).map(show).join(' ')).toBe(shown);
  });
});

describe('the marks of a text', () => {
  const cases: readonly [string, string][] = [
    ['a **b *c* `d`** e', 'a ++b //c// «d»++ e'],
    ['[`a`](b.md#c) and [d](https://e.example/f)', '{«a»→b.md#c} and {d→https://e.example/f}'],
    ['`` a ` b `` and `*` and `[x](y)`', '«a ` b» and «*» and «[x](y)»'],
    ['\\*a\\* \\`b \\q', '*a* `b \\q'],
    ['2 * 3 * 4 and **open', '2 * 3 * 4 and **open'],
    ['[no link] and [half](a b)', '[no link] and [half](a b)'],
    ['snake_case_name and ``open', 'snake_case_name and ``open'],
    ['*a **b** c*', '//a ++b++ c//'],
    ['<script>alert(1)</script> &amp;', '<script>alert(1)</script> &amp;'],
  ];
  it.each(cases)('%j', (text, shown) => {
    expect(mark(parseInline(text))).toBe(shown);
  });

  it('end within a bound, however they are nested', () => {
    const text = '*a [b '.repeat(2_000);
    expect(textOf(parseInline(text))).toBe(text);
  });
});

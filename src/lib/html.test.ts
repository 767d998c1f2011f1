import { describe, expect, it } from 'vitest';
import { attributes, embed, html, writeHtml } from './html.ts';

const HOSTILE = `"><img src=x onerror='alert(1)'>&</script>`;
const ESCAPED = '&quot;&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&amp;&lt;/script&gt;';

describe('html', () => {
  it.each([
    ['a text', html`<p>${HOSTILE}</p>`, `<p>${ESCAPED}</p>`],
    ['a quoted attribute', html`<p title="${HOSTILE}">x</p>`, `<p title="${ESCAPED}">x</p>`],
    ['the second of two attributes', html`<p id="a" title="${HOSTILE}">x</p>`, `<p id="a" title="${ESCAPED}">x</p>`],
    ['markup', html`<p>${html`<b>${HOSTILE}</b>`}</p>`, `<p><b>${ESCAPED}</b></p>`],
    ['a list', html`<p>${['<', html`<br>`, ['>']]}</p>`, '<p>&lt;<br>&gt;</p>'],
    ['what is not there', html`<p>${null}${undefined}${false}</p>`, '<p></p>'],
    ['a number', html`<p>${0}</p>`, '<p>0</p>'],
    [
      'attributes',
      html`<p${attributes({ title: HOSTILE, hidden: '', lang: null })}>x</p>`,
      `<p title="${ESCAPED}" hidden>x</p>`,
    ],
  ])('writes %s', (_what, markup, expected) => {
    expect(writeHtml(markup)).toBe(expected);
  });

  it('does not take what was parsed for markup', () => {
    const parsed = JSON.parse('{"markup":"<b>","Symbol(markup)":"<b>","length":1,"0":"<b>"}');
    expect(() => html`<p>${parsed}</p>`).toThrow();
  });

  it.each([
    ['without quotes', () => html`<p title=${'x'}>y</p>`],
    ['as the name of an attribute', () => html`<p ${'x'}="y">z</p>`],
    ['as the name of an element', () => html`<${'p'}>z`],
    ['after a quoted attribute', () => html`<p title="a" ${'x'}>y</p>`],
  ])('refuses a text in a tag %s', (_where, write) => {
    expect(write).toThrow('a value in a tag stands in double quotes');
  });

  it('refuses a name of an attribute that is none', () => {
    expect(() => attributes({ 'onclick="x': 'y' })).toThrow('attributes have names of our own');
  });

  it('embeds no text that ends its element', () => {
    expect(writeHtml(embed('style', 'p { color: red }'))).toBe('<style>p { color: red }</style>');
    for (const text of ['a</script>', 'a</SCRIPT', '<!--']) expect(() => embed('script', text)).toThrow();
  });
});

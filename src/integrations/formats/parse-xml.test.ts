import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { parseXml } from './parse-xml.ts';

describe('parseXml', () => {
  it.each<[string, unknown]>([
    ['<lead><first_name>Joe</first_name><state>TX</state></lead>', { first_name: 'Joe', state: 'TX' }],
    ['<l a="1" b=\'2\'/>', { a: '1', b: '2' }],
    ['<l><a id="7">x</a></l>', { a: { _: 'x', id: '7' } }],
    ['<l><a id="7"> </a></l>', { a: { id: '7' } }],
    ['<l id="1"><id>2</id></l>', { id: ['1', '2'] }],
    ['<l><p>1</p><p/><p>3</p></l>', { p: ['1', '', '3'] }],
    ['<l><a><b><c>1</c></b></a></l>', { a: { b: { c: '1' } } }],
    ['<l>\n  <a>1</a>\n  <b>2</b>\n</l>', { a: '1', b: '2' }],
    ['<l>x<a>1</a>y</l>', { _: 'xy', a: '1' }],
    ['<l><a> 1 </a><b>  </b></l>', { a: ' 1 ', b: '  ' }],
    ['<l/>', ''],
    ['<l></l>', ''],
    ['<l>text</l>', 'text'],
    ['<a>1</a><b>2</b>', '1'],
    ['<a>1</a>junk < & >', '1'],
    ['<l><a><![CDATA[<b>&amp;</b>]]></a></l>', { a: '<b>&amp;</b>' }],
    ['<l x="1"><![CDATA[ ]]></l>', { _: ' ', x: '1' }],
    [
      '<l>&lt;&gt;&amp;&quot;&apos;&#65;&#x42;&#x1F600;&eacute;&EACUTE;&nbsp;</l>',
      '<>&"\'AB\u{1f600}\u00e9\u00e9\u00a0',
    ],
    ['<l a="1 &amp; 2 < 3"/>', { a: '1 & 2 < 3' }],
    ['<l a="1" a="2"/>', { a: '1' }],
    ['<x:l xmlns:x="urn:x"><x:a>1</x:a></x:l>', { 'xmlns:x': 'urn:x', 'x:a': '1' }],
    ['<?xml version="1.0"?><!-- c --><!DOCTYPE l SYSTEM "a>b" [<!ENTITY x "y]">]><l>1</l>', '1'],
    ['<l><!-- - --><?php x ?>1<!-- --></l>', '1'],
    ['<l ><a\n>1</a\t></l >', { a: '1' }],
    ['<?xml version="1.0"?>', null],
    ['<l><toString>1</toString><hasOwnProperty>2</hasOwnProperty></l>', { toString: '1', hasOwnProperty: '2' }],
    ['<l><__proto__><x>1</x></__proto__><constructor a="1"/><b>1</b></l>', { constructor: { a: '1' }, b: '1' }],
  ])('%s', (body, value) => {
    expect(parseXml(body)).toEqual({ ok: true, value });
  });

  it.each([
    ['param1=val1', 'Non-whitespace before first tag. Line: 0 Column: 1 Char: p'],
    ['<lead><a>1</lead>', 'Unexpected close tag Line: 0 Column: 17 Char: >'],
    ['<lead>\n<a>1</b>\n</lead>', 'Unexpected close tag Line: 1 Column: 8 Char: >'],
    ['<lead><a>1</a>', 'Unclosed root tag Line: 0 Column: 14 Char: '],
    ['<lead', 'Unexpected end Line: 0 Column: 5 Char: '],
    ['<lead>\n<a', 'Unclosed root tag Line: 1 Column: 2 Char: '],
    ['</lead>', 'Unmatched closing tag: lead Line: 0 Column: 7 Char: >'],
    ['<?xml version="1.0"?> x', 'Text data outside of root node. Line: 0 Column: 23 Char: x'],
    ['<a>1 & 2</a>', 'Invalid character in entity name Line: 0 Column: 7 Char:  '],
    ['<a>1 &\n2</a>', 'Invalid character in entity name Line: 1 Column: 0 Char:  '],
    ['<a>AT&T</a>', 'Invalid character in entity name Line: 0 Column: 8 Char: <'],
    ['<a>&mine;</a>', 'Invalid character entity Line: 0 Column: 9 Char: ;'],
    ['<a>&;</a>', 'Invalid character entity Line: 0 Column: 5 Char: ;'],
    ['<a>&#0;</a>', 'Invalid character entity Line: 0 Column: 7 Char: ;'],
    ['<a>&#x110000;</a>', 'Invalid character entity Line: 0 Column: 13 Char: ;'],
    ['<a>&#12a;</a>', 'Invalid character entity Line: 0 Column: 9 Char: ;'],
    ['<a>&amp', 'Unclosed root tag Line: 0 Column: 7 Char: '],
    ['<a b="&x"/>', 'Invalid character in entity name Line: 0 Column: 9 Char: "'],
    ['<a>1 <2</a>', 'Unencoded < Line: 0 Column: 7 Char: 2'],
    ['<a$b/>', 'Invalid character in tag name Line: 0 Column: 3 Char: $'],
    ['<a b/>', 'Invalid attribute name Line: 0 Column: 5 Char: /'],
    ['<a b>', 'Attribute without value Line: 0 Column: 5 Char: >'],
    ['<a b c="1">', 'Attribute without value Line: 0 Column: 6 Char: c'],
    ['<a b=1>', 'Unquoted attribute value Line: 0 Column: 6 Char: 1'],
    ['<a b="1"c="2">', 'No whitespace between attributes Line: 0 Column: 9 Char: c'],
    ['<a b="1"$>', 'Invalid attribute name Line: 0 Column: 9 Char: $'],
    ['<a =1>', 'Invalid attribute name Line: 0 Column: 4 Char: ='],
    ['<a b="1', 'Unexpected end Line: 0 Column: 7 Char: '],
    ['<a / >', 'Forward-slash in opening tag not followed by > Line: 0 Column: 5 Char:  '],
    ['<a></>', 'Invalid tagname in closing tag. Line: 0 Column: 6 Char: >'],
    ['<a></a$>', 'Invalid tagname in closing tag Line: 0 Column: 7 Char: $'],
    ['<a></a b>', 'Invalid characters in closing tag Line: 0 Column: 8 Char: b'],
    ['<!-- a -- b --><a/>', 'Malformed comment Line: 0 Column: 10 Char:  '],
    ['<a><!DOCTYPE b></a>', 'Inappropriately located doctype declaration Line: 0 Column: 12 Char: E'],
    ['<!DOCTYPE a [<a>', 'Unexpected end Line: 0 Column: 16 Char: '],
  ])('%s gets an answer that says what is wrong', (body, error) => {
    expect(parseXml(body)).toStrictEqual({ ok: false, error });
  });

  it('refuses a document that defines entities and uses them, without expanding any', () => {
    const bomb = '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><l>&b;</l>';
    expect(parseXml(bomb)).toMatchObject({ ok: false, error: expect.stringContaining('Invalid character entity') });
  });

  it('never throws and takes every document that saxes takes', () => {
    const piece = fc.constantFrom(
      '<a>',
      '</a>',
      '<b x="1">',
      '</b>',
      '<c/>',
      't',
      '&amp;',
      '&',
      '<',
      '>',
      '<!--',
      '-->',
      ' ',
      '"',
      '<![CDATA[',
      ']]>',
      '<?',
      '?>',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const body = pieces.join('').trim();
        const result = parseXml(body);
        if (isWellFormed(body)) expect(result).toMatchObject({ ok: true });
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads a megabyte of tags, however deep or broken, in bounded time', () => {
    const bodies = ['<a>', '<a b="', '&', '<!', '<![CDATA[', '<a></b>', '<!DOCTYPE "[', '<a'];
    for (const body of bodies) expect(parseXml(`<r>${body.repeat(1_000_000 / body.length)}`).ok).toBe(false);
    const attributes = Array.from({ length: 80_000 }, (_, at) => `a${at}=""`).join(' ');
    expect(parseXml(`<r ${attributes}/>`).ok).toBe(true);
  });
});

function isWellFormed(body: string): boolean {
  try {
    new SaxesParser().write(body).close();
    return true;
  } catch {
    return false;
  }
}

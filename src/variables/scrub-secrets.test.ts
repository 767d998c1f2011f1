import { describe, expect, it } from 'vitest';
import { createScrubber, scrubHeaders } from './scrub-secrets.ts';

const SSN = '123-45-6789';
const CREDENTIAL = `p"a/s's & <w\u00f6rd>`;
const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');

describe('createScrubber', () => {
  it('without secrets gives back the very text, whatever it is', () => {
    expect(createScrubber([])('ssn=1')).toBe('ssn=1');
    expect(createScrubber(['', '12', ' 1 '])('a=12')).toBe('a=12');
  });

  it.each([
    ['a form', 'ssn=123-45-6789&a=1', 'ssn=***********&a=1'],
    ['percent-encoded dashes', 'ssn=123%2D45%2D6789|123%2d45%2d6789', 'ssn=***************|***************'],
    ['digits', '{"ssn":"123456789","n":123456789}', '{"ssn":"*********","n":*********}'],
    ['spaces', 'ssn=123%2045%206789&t=123+45+6789', 'ssn=***************&t=***********'],
    ['every occurrence', `${SSN} ${SSN}`, '*********** ***********'],
    ['a part of it', '123-45-678', '123-45-678'],
  ])('covers a social security number in %s', (_name, text, scrubbed) => {
    expect(createScrubber([SSN])(text)).toBe(scrubbed);
  });

  it.each([
    ['as it is', CREDENTIAL],
    ['JSON', JSON.stringify(CREDENTIAL)],
    ['JSON in ASCII with escaped slashes', '"p\\"a\\/s\'s & <w\\u00f6rd>"'],
    ['XML text', `<a>p"a/s's &amp; &lt;w\u00f6rd&gt;</a>`],
    ['an XML attribute', `<a b="p&quot;a/s's &amp; &lt;w\u00f6rd&gt;"/>`],
    [
      'XML with every quote escaped',
      `p&quot;a/s&apos;s &amp; &lt;w\u00f6rd&gt; p&quot;a/s&#39;s &amp; &lt;w\u00f6rd&gt;`,
    ],
    ['a query', `x=${encodeURIComponent(CREDENTIAL)}`],
    ['a query in lower case', `x=${encodeURIComponent(CREDENTIAL).toLowerCase()}`],
    ['a form', new URLSearchParams({ x: CREDENTIAL }).toString()],
    ['JSON in a form', new URLSearchParams({ x: JSON.stringify({ c: CREDENTIAL }) }).toString()],
    ['XML in a query', encodeURIComponent(`<a>p"a/s's &amp; &lt;w\u00f6rd&gt;</a>`)],
    ['base64', base64(CREDENTIAL)],
    ['base64 of a pair', base64(`user:${CREDENTIAL}`)],
    ['base64 of a longer pair', base64(`user1:${CREDENTIAL}:x`)],
    ['base64 of another pair', base64(`user12:${CREDENTIAL}:x`)],
    ['base64 for URLs', Buffer.from(`?>${CREDENTIAL}`, 'utf8').toString('base64url')],
    ['percent-encoded base64', encodeURIComponent(base64(CREDENTIAL))],
  ])('covers a credential in %s', (_name, text) => {
    const scrubbed = createScrubber([CREDENTIAL])(text);
    expect(scrubbed).toHaveLength(text.length);
    expect(scrubbed).toMatch(/\*{16}/);
    expect(scrubbed.replace(/[^*]/g, '').length).toBeGreaterThan(text.length / 2);
  });

  it('covers the longer of two secrets first', () => {
    expect(createScrubber(['abc', 'abcdef'])('abcdef abc')).toBe('****** ***');
  });

  it('covers secrets that look like patterns', () => {
    expect(createScrubber(['$&', '.*.', '$&$1'])('a.*.b $&$1')).toBe('a***b ****');
  });

  it('blanks the whole text when there are more secrets than a lead can have', () => {
    const many = Array.from({ length: 101 }, (_, at) => `secret${at}`);
    expect(createScrubber(many)('a=1&b=secret7')).toBe('*************');
    expect(createScrubber(['x'.repeat(70_000)])('a=1')).toBe('***');
  });

  it('takes secrets of odd characters', () => {
    const odd = '\ud800x\u0000y\u{1f600}';
    expect(createScrubber([odd])(`<${odd}>`)).toBe(`<${'*'.repeat(odd.length)}>`);
  });
});

describe('scrubHeaders', () => {
  it('covers what proves the sender', () => {
    const headers = { Authorization: 'Basic eDp5', 'PROXY-AUTHORIZATION': 'x', cookie: 'a=b', Accept: '*/*' };
    expect(scrubHeaders(headers)).toStrictEqual({
      Authorization: '**********',
      'PROXY-AUTHORIZATION': '*',
      cookie: '***',
      Accept: '*/*',
    });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern, PATTERN_CHARACTERS_MAX, PATTERN_TEXT_CHARACTERS_MAX } from './compile-pattern.ts';

function matches(pattern: string, text: string): boolean {
  const compiled = compilePattern(pattern);
  if (!compiled.ok) throw new Error(`${pattern}: ${compiled.error.message}`);
  return compiled.value(text);
}

describe('compilePattern', () => {
  it.each<[name: string, pattern: string, yes: string[], no: string[]]>([
    ['between slashes a regular expression', '/a.c/', ['xabcx', 'ABC'], ['ac']],
    ['flags after the slash', '/^b$/m', ['a\nb'], ['ab']],
    ['dot matches a line end only with the s flag', '/a.b/s', ['a\nb'], ['ab']],
    ['a special character makes a regular expression', '^jo(hn|e)', ['John', 'joe'], ['xjohn']],
    ['dot star makes a regular expression', 'a.*b', ['xa--bx'], ['ba']],
    [
      'a star alone makes a glob over the whole text',
      '*@gmail.com',
      ['Joe@GMAIL.com'],
      ['joe@gmail.com.au', 'joe@gmailxcom'],
    ],
    ['a question mark in a glob is one character', 'b?t', ['bat', 'b\nt'], ['bt', 'boat', 'xbat']],
    ['plain text is found anywhere', 'gmail.com', ['x@gmail.com.au'], ['gmailxcom']],
    ['a slash at the start alone is text', '/path', ['a/path/b'], ['path']],
    ['unicode escapes', '\\u0041\\x42', ['ab'], ['u0041']],
    ['a pair of surrogate escapes is one character', '^\\uD83D\\uDE00$', ['😀'], ['😀😀']],
    ['the class of everything', '^a[^]b$', ['a\nb', 'axb'], ['ab']],
    ['the class of nothing', 'a[]b', [], ['ab', 'a']],
    ['JavaScript spaces', '^a\\sb$', ['a b', 'a\u00a0b', 'a\ufeffb'], ['axb']],
    ['everything but JavaScript spaces', '^[\\S]+$', ['axb'], ['a b', 'a\u00a0b']],
    ['dot is not a line end', '^a.b$', ['axb'], ['a\rb', 'a\u2028b']],
    ['letters RE2 would take for anchors', '^\\A\\z\\Q$', ['AzQ'], ['']],
    ['a backspace in a class', '^[\\b]$', ['\b'], ['b']],
    ['a dash beside a class', '^[\\w-.]+$', ['a-b.c'], ['a b']],
    ['a dash between classes', '^[\\d-\\w]+$', ['a-1'], ['.']],
    ['an opening bracket in a class', '^[[:a]+$', ['[a:'], ['b']],
    ['an octal escape where there is no group', '^\\101$', ['A'], ['101']],
    ['a control escape', '^\\cJ$', ['\n'], ['cJ']],
    ['a brace that is no repeat', '^{a}$', ['{a}'], ['a']],
    ['named groups', '^(?<year>\\d{4})$', ['2026'], ['26']],
    ['properties with the u flag', '/^\\p{L}+$/u', ['Zoë'], ['1']],
    ['what JavaScript refuses never matches', 'a(b', [], ['a(b', 'ab', '']],
    ['an unknown flag never matches', '/a/q', [], ['a', '/a/q']],
  ])('%s: %s', (_name, pattern, yes, no) => {
    for (const text of yes) expect([text, matches(pattern, text)]).toEqual([text, true]);
    for (const text of no) expect([text, matches(pattern, text)]).toEqual([text, false]);
  });

  it.each<[pattern: string, position: number, message: RegExp]>([
    ['^(?=.*\\d)a', 1, /Look-ahead.*second rule/],
    ['/^(?!x)/', 2, /does not match pattern/],
    ['a(?<=b)', 1, /Look-behind/],
    ['a(?<!b)', 1, /Negative look-behind/],
    ['(a|b)x\\1', 6, /back-reference/],
    ['(?<n>a)\\k<n>', 7, /back-reference/],
    ['\\d{2000}', 2, /"\{2000\}".*1000/],
    ['/[a--b]/v', 0, /flag "v"/],
    [`${'a'.repeat(PATTERN_CHARACTERS_MAX)}+`, PATTERN_CHARACTERS_MAX, /at most 1000/],
  ])('refuses %s with the position and a remedy', (pattern, position, message) => {
    const compiled = compilePattern(pattern);
    expect(compiled.ok ? undefined : compiled.error.position).toBe(position);
    expect(compiled.ok ? undefined : compiled.error.message).toMatch(message);
  });

  it('looks at no more than its bound', () => {
    expect(matches('x$', `${'a'.repeat(PATTERN_TEXT_CHARACTERS_MAX - 1)}x and more`)).toBe(true);
  });

  it('agrees with JavaScript on what both understand', () => {
    const piece = fc.constantFrom(
      'a',
      'B',
      '.',
      '\\d',
      '\\s',
      '\\S',
      '\\w',
      '\\W',
      '[a-c]',
      '[^a-c]',
      '[\\s-x]',
      '[^\\S]',
      '\\b',
      '^',
      '$',
      '|',
      '(a|b)',
      '(?:b)',
      'a*',
      'b+?',
      'c{1,2}',
      '\\.',
      '\\-',
      '[-a]',
      '[a-]',
      '\\x41',
      '\\u0062',
      '\\cA',
      '\\0',
      '[.$]',
      '\\/',
      '\\z',
      '[^]',
      '[]',
      '{',
      ']',
      '-',
      '\\8',
      '[\\w.-]',
    ); // prettier-ignore
    const character = fc.constantFrom(
      'a',
      'b',
      'c',
      'A',
      'B',
      '.',
      '-',
      ' ',
      '\n',
      '\r',
      '\u00a0',
      '1',
      'z',
      '{',
      ']',
      '8',
      '\x01',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join('')),
        fc.array(character, { maxLength: 6 }).map((characters) => characters.join('')),
        (source, text) => {
          expect(matches(`/${source}/`, text)).toBe(javaScriptTest(source, text));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

function javaScriptTest(source: string, text: string): boolean {
  try {
    return new RegExp(source, 'i').test(text);
  } catch {
    return false;
  }
}

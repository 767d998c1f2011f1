import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { buildExactWord, type ExactForm } from './exact-values.ts';
import { markMatches } from './mark-matches.ts';
import { type LeadQuery, parseQuery } from './parse-query.ts';
import { storeLead } from './testing/store-lead.ts';

const KEY = { accountId: 'a'.repeat(24), hash: (text: string) => createHash('sha256').update(text).digest() };

function parse(text: string): LeadQuery {
  const parsed = parseQuery(text, KEY);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

/** The condition with the values in the place of their keyed hashes. */
function conditionOf(text: string): string {
  const { condition, marks } = parse(text);
  return [...marks.exact].reduce((left, form) => left.replaceAll(`'${wordOf(form)}'`, `<${form}>`), condition);
}

const wordOf = (form: ExactForm) => buildExactWord(form, KEY);

describe('a question', () => {
  it.each([
    ['words are beginnings', 'fred tx', "((('fred':* | <id fred>) & ('tx':* | <id tx>)) | <id fred tx>)"],
    [
      'an address',
      'Ann@Example.com',
      "(('ann':* & 'example':* & 'com':*) | <email ann@example.com> | <id ann@example.com>)",
    ],
    [
      'a phone of two parts is one',
      '(512) 789-4321',
      "(((('512':* | <id (512)>) & ((('789':* & '4321':*) | '7894321':*) | <phone 17894321> | <phone 7894321> | <id 789-4321>)) | <phone 15127894321> | <phone 5127894321> | <id (512) 789-4321>) | <phone 15127894321> | <phone 5127894321> | <id (512) 789-4321>)",
    ],
    ['a phrase', '"new york"', "('new' <-> 'york' | <id new york>)"],
    ['a name with a hyphen', 'Anne-Marie', "((('anne':* & 'marie':*) | 'annemarie':*) | <id anne-marie>)"],
  ])('%s: %s', (_, text, condition) => {
    expect(conditionOf(text)).toBe(condition);
  });

  it.each(["'", "''", ':*', '&|!()<->', '\\', '"', '""', ' ', '😀'])('of signs alone is refused: %j', (text) => {
    expect(parseQuery(text, KEY)).toEqual({ ok: false, error: 'Give a letter or a digit to look for.' });
  });

  it('has at most 16 words, also in one text', () => {
    const error = 'Give at most 16 words; these are 17.';
    expect(parseQuery('a '.repeat(17), KEY)).toEqual({ ok: false, error });
    expect(parseQuery('a.'.repeat(17), KEY)).toEqual({ ok: false, error });
    expect(parseQuery('a '.repeat(16), KEY).ok).toBe(true);
  });

  it('is made of words, hashes and operators of ours alone, whatever is typed', () => {
    const typed = `O'Brien \\' ' :* & | ! <-> "a'b \\ c" x'); drop é 李 =abc <2>`;
    expect(parse(typed).condition).toMatch(/^(?:'[=\p{L}\p{N}_-]+'(?::\*)?| & | \| | <-> |[()])+$/u);
  });

  it('names the ids in it', () => {
    const id = '5fd4371e940df5a34a3888b2';
    expect(parse(`https://x.example.com/leads/${id.toUpperCase()}?a=${id}`).ids).toEqual([id]);
    expect(parse(`${id}0`).ids).toEqual([]);
  });
});

describe('what matched', () => {
  const lead = storeLead({
    first_name: 'Samantha',
    last_name: "O'Brien & Sons",
    city: 'New York',
    email: 'sam@example.com',
    phone_1: '5127894321',
    reference: 'R<1>',
  });

  it.each([
    ['sam', { first_name: ['<em>Samantha</em>'] }],
    ["o'br", { last_name: ['<em>O&#39;Brien</em> &amp; Sons'] }],
    ['brien', { last_name: ['<em>O&#39;Brien</em> &amp; Sons'] }],
    ['"new york"', { city: ['<em>New</em> <em>York</em>'] }],
    ['"brien & sons"', {}],
    ['"obrien sons"', { last_name: ['<em>O&#39;Brien</em> &amp; <em>Sons</em>'] }],
    ['Sam@Example.com', { email: ['<em>sam@example.com</em>'] }],
    ['+1 512 789 4321', { phone_1: ['<em>5127894321</em>'] }],
    ['r<1>', { reference: ['<em>R&lt;1&gt;</em>'] }],
  ])('%s', (text, highlight) => {
    expect(markMatches(lead, parse(text).marks)).toEqual(highlight);
  });
});

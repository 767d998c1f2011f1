import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { buildExactWord, type ExactForm } from './exact-values.ts';
import { buildDocumentWords, buildLeadWords } from './lead-words.ts';
import { storeLead } from './testing/store-lead.ts';

const hash = (text: string) => createHmac('sha256', 'key').update(text).digest();
const KEY = { accountId: 'a'.repeat(24), hash };

/** The words of a lead without the keyed hashes. */
function wordsOf(values: Record<string, unknown>): string {
  return splitKinds(values).words.join(' ');
}

function splitKinds(values: Record<string, unknown>): { words: string[]; hashes: string[] } {
  const all = buildLeadWords(storeLead(values), KEY)
    .split(' ')
    .filter((word) => word !== '');
  return { words: all.filter((word) => !word.startsWith('=')), hashes: all.filter((word) => word.startsWith('=')) };
}

describe('words of a lead', () => {
  it.each([
    [
      'in lower case, with places that go on from the first to the last name',
      { first_name: 'JOHN', last_name: 'Smith' },
      'john:1 smith:2',
    ],
    ['without accents', { first_name: 'José', last_name: 'Müller-Nuñez' }, 'jose:1 muller:2 nunez:3 mullernunez:2,3'],
    [
      'without letters that no keyboard elsewhere has',
      { first_name: 'Søren', last_name: 'Straßer Łukasz' },
      'soren:1 strasser:2 lukasz:3',
    ],
    ['with a dot of Turkish', { first_name: 'İpek', last_name: 'Yıldız' }, 'ipek:1 yildiz:2'],
    ['taken apart as other keyboards send them', { first_name: 'Zoe\u0308' }, 'zoe:1'],
    ['with what is behind an apostrophe', { last_name: "O'Brien" }, 'obrien:1 brien:1'],
    ['with the apostrophe of word processors', { last_name: 'D’Angelo' }, 'dangelo:1 angelo:1'],
    ['and a possessive is one word', { address_1: "12 King's Road" }, '12:101 kings:102 road:103'],
    ['of both sides of a hyphen and together', { first_name: 'Anne-Marie' }, 'anne:1 marie:2 annemarie:1,2'],
    ['of several small ones', { last_name: 'de la Cruz' }, 'de:1 la:2 cruz:3'],
    ['of Chinese', { first_name: '小龙', last_name: '李' }, '小龙:1 李:2'],
    ['of Japanese with its voiced signs', { last_name: 'かが' }, 'かが:1'],
    ['of Korean', { last_name: '김철수' }, '김철수:1'],
    ['of Arabic', { first_name: 'محمد' }, 'محمد:1'],
    ['of Hindi with its vowels', { first_name: 'अनिल' }, 'अनिल:1'],
    ['full-width', { first_name: 'Ｊｏｈｎ' }, 'john:1'],
    ['of a state by its code and by its name', { city: 'Austin', state: 'TX' }, 'austin:101 tx:102 texas:201'],
    ['of a state of two words', { state: 'new york' }, 'ny:101 new:201 york:202'],
    ['of half postal codes and whole ones', { postal_code: 'K1A 0B1' }, 'k1a:101 0b1:102 k1a0b1:101,102'],
    ['of ZIP+4', { postal_code: '78704-1234' }, '78704:101 1234:102 787041234:101,102'],
    ['none of signs', { first_name: "':*&|!()\\ <->", last_name: '' }, ''],
    ['none of emoji', { first_name: '😀 Ann' }, 'ann:1'],
    ['without NUL', { first_name: 'An\0n' }, 'an:1 n:2'],
    ['not of other fields', { comments: 'secret', ssn: '219-09-9999' }, ''],
  ])('%s', (_, values, expected) => {
    expect(wordsOf(values)).toBe(expected);
  });

  it('are bounded in number and in length', () => {
    const words = splitKinds({ first_name: 'x'.repeat(500), address_1: 'a b '.repeat(200) }).words;
    expect(words).toHaveLength(64);
    expect(words[0]).toBe(`${'x'.repeat(40)}:1`);
  });

  it('never end within a character', () => {
    expect(wordsOf({ first_name: `${'x'.repeat(39)}𝒳` })).toBe(`${'x'.repeat(39)}x:1`);
    expect(wordsOf({ first_name: `${'x'.repeat(39)}𠀋` })).toBe(`${'x'.repeat(39)}:1`);
  });

  it('are not made of what is masked', () => {
    const lead = {
      first_name: { normal: '***', raw: '***', masked: true, valid: true },
      address_1: { normal: '1 Main St ***********', raw: '1 Main St ***********', valid: true },
      email: { normal: 'ann@***********', raw: 'ann@***********', valid: true },
      phone_1: { normal: '713555****', raw: '713555****', masked: true, country_calling_code: 1 },
      reference: '***********',
    };
    expect(buildLeadWords(lead, KEY)).toBe('1:101 main:102 st:103');
  });

  it('of a document are those of its lead, and none where the personal part is gone', () => {
    const lead = storeLead({ first_name: 'Ann', email: 'ann@example.com' });
    const vars = { lead, submission: { timestamp: '', ip: '' }, random: 1 };
    expect(buildDocumentWords({ vars }, KEY)).toBe(buildLeadWords(lead, KEY));
    expect(buildDocumentWords({}, KEY)).toBe('');
    expect(buildDocumentWords(null, KEY)).toBe('');
  });
});

describe('keyed hashes of a lead', () => {
  it.each<[string, Record<string, unknown>, ExactForm[]]>([
    ['an e-mail address in lower case', { email: 'Ann@Example.COM' }, ['email ann@example.com']],
    ['with its plus', { email: 'ann+tag@example.com' }, ['email ann+tag@example.com']],
    ['with a display name', { email: 'Ann Ray <ann@example.com>' }, ['email ann@example.com']],
    ['a phone with its calling code', { phone_1: '(512) 789-4321' }, ['phone 15127894321']],
    ['without its extension', { phone_1: '512.789.4321 x12' }, ['phone 15127894321']],
    ['from abroad', { phone_1: '+44 20 7946 0958' }, ['phone 442079460958']],
    ['twice the same once', { phone_1: '5127894321', phone_2: '1-512-789-4321' }, ['phone 15127894321']],
    ['a reference in lower case', { reference: ' AB-12/3 ' }, ['id ab-12/3']],
    [
      'of a certificate the last part of its URL',
      { trustedform_cert_url: 'https://cert.trustedform.com/0123456789ABCDEF?x=1' },
      ['id 0123456789abcdef'],
    ],
    ['no phone of three digits', { phone_1: '911' }, []],
  ])('%s', (_, values, forms) => {
    expect(splitKinds(values).hashes).toEqual(forms.map((form) => buildExactWord(form, KEY)));
  });

  it('differ between accounts and installations, and say nothing without the key', () => {
    const lead = storeLead({ email: 'ann@example.com' });
    const words = [
      buildLeadWords(lead, KEY),
      buildLeadWords(lead, { ...KEY, accountId: 'b'.repeat(24) }),
      buildLeadWords(lead, { ...KEY, hash: (text) => createHmac('sha256', 'other').update(text).digest() }),
    ];
    expect(new Set(words).size).toBe(3);
    for (const word of words) expect(word).toMatch(/^=[\w-]{16}$/);
  });
});

import { describe, expect, it } from 'vitest';
import { findPasswordFault } from './password-rules.ts';

const EMAIL = 'ann.miller@acme-mortgage.com';

describe('a password', () => {
  it.each([
    ['several words', 'purple tractor sings low'],
    ['random characters', 'vK3-pq8z!Rm2'],
    ['another script', 'зелёный-чайник-поёт'],
    ['a common word among others', 'my password is a walrus'],
    ['the first name among others', 'ann likes purple tractors'],
    ['as long as is allowed', `${'walrus tango '.repeat(20)}`.slice(0, 256)],
  ])('of %s is taken', (_, password) => {
    expect(findPasswordFault(password, EMAIL)).toBeUndefined();
  });

  it.each([
    ['shorter than twelve characters', 'short-Pw1!x', /at least 12 characters/],
    ['longer than is allowed', 'walrus tango '.repeat(30), /at most 256/],
    ['one character over and over', 'aaaaaaaaaaaaaaaa', /guessed first/],
    ['two characters in turn', 'abababababababab', /guessed first/],
    ['counting', '123456789012345', /guessed first/],
    ['counting backwards', '0987654321098', /guessed first/],
    ['the alphabet', 'ABCDEFGHIJKLM', /guessed first/],
    ['a row of the keyboard', 'qwertyuiopasdf', /guessed first/],
    ['a common word with digits', 'password123456', /guessed first/],
    ['a common word in disguise', 'P@ssw0rd2024!!', /guessed first/],
    ['a common word twice', 'LetMeInLetMeIn', /guessed first/],
    ['the product', 'sluice-2024-2024', /guessed first/],
    ['the address', 'Ann.Miller@acme-mortgage.com', /e-mail address/],
    ['the first part of the address and a year', 'ann.miller2024!', /e-mail address/],
    ['the company and digits', 'acme-mortgage99', /e-mail address/],
  ])('of %s is refused', (_, password, sentence) => {
    expect(findPasswordFault(password, EMAIL)).toMatch(sentence);
  });

  it('is never in the sentence that refuses it', () => {
    expect(findPasswordFault('password123456', EMAIL)).not.toContain('password123456');
  });
});

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
    ['one character over and over', 'aaaaaaaaaaaaaaaa', /first that attackers try/],
    ['two characters in turn', 'abababababababab', /first that attackers try/],
    ['counting', '123456789012345', /first that attackers try/],
    ['counting backwards', '0987654321098', /first that attackers try/],
    ['the alphabet', 'ABCDEFGHIJKLM', /first that attackers try/],
    ['a row of the keyboard', 'qwertyuiopasdf', /first that attackers try/],
    ['a common word with digits', 'password123456', /first that attackers try/],
    ['a common word in disguise', 'P@ssw0rd2024!!', /first that attackers try/],
    ['a common word twice', 'LetMeInLetMeIn', /first that attackers try/],
    ['the product', 'sluice-2024-2024', /first that attackers try/],
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

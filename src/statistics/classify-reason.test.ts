import { describe, expect, it } from 'vitest';
import { classifyReason } from './classify-reason.ts';

describe('the class of a reason', () => {
  it.each([
    [null, ''],
    ['', ''],
    ['Cap reached', 'Cap reached'],
    ['phone_1 is required', 'phone_1 is required'],
    ['Duplicate: phone_1 "555-0100" is on the list', 'Duplicate: phone_1 … is on the list'],
    ["state is not 'TX'", 'state is not …'],
    ["It doesn't match the buyer's states", "It doesn't match the buyer's states"],
    ['“Sam Smith” was seen', '… was seen'],
    ['unfinished "quote of Sam', 'unfinished …'],
    ['sam.smith+x@example.com is invalid', '… is invalid'],
    ['Call +1 (555) 010-0199 instead', 'Call … instead'],
    ['age 17 is less than 18', 'age … is less than …'],
    ['HTTP 503', 'HTTP …'],
    ['lead 5f2b8c0d9e1a2b3c4d5e6f70 exists', 'lead … exists'],
    ['id 123e4567-e89b-12d3-a456-426614174000 exists', 'id … exists'],
    ['see https://buyer.example/leads/17?x=1 please', 'see … please'],
    ['value is ****', 'value is …'],
    ['token AB12CD34EF56 refused', 'token … refused'],
    ['1, 2, 3 of 4', '… of …'],
    ['x5550100y', 'x…y'],
    ['  two\n spaces ', 'two spaces'],
  ])('of %j is %j', (reason, expected) => {
    expect(classifyReason(reason)).toBe(expected);
  });

  it('is bounded, and cut between characters', () => {
    expect(classifyReason('ä'.repeat(400))).toBe('ä'.repeat(120));
    expect(classifyReason('𝄞'.repeat(400))).toBe('𝄞'.repeat(120));
  });

  it('is its own class', () => {
    for (const reason of ['age 17 is less than 18', 'Duplicate: "x"', 'a@b.c, 12']) {
      expect(classifyReason(classifyReason(reason))).toBe(classifyReason(reason));
    }
  });

  it('stays right beyond what is remembered', () => {
    const reasons = Array.from({ length: 4_500 }, (_, number) => (number % 2 ? `Bad phone ${number}` : 'Full'));
    const expected = reasons.map((_, number) => (number % 2 ? 'Bad phone …' : 'Full'));
    expect(reasons.map(classifyReason)).toEqual(expected);
  });

  it('takes a time that grows with the length alone', () => {
    const started = process.cpuUsage().user;
    for (const piece of ['a@', '1 ', '"', "'a", '-', '(1)', 'http://', 'aA1-']) classifyReason(piece.repeat(100_000));
    expect((process.cpuUsage().user - started) / 1_000).toBeLessThan(1_000);
  });
});

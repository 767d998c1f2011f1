import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createPersonFinder, joinTexts } from './person.ts';
import { createReasonStripper } from './strip-reason.ts';

const ann = createPersonFinder({ kind: 'email', email: 'ann.archer@example.com' });
const phone = createPersonFinder({ kind: 'phone', national: '5127891111', callingCode: '1' });
const percent = (text: string) => encodeURIComponent(text);
const base64 = (text: string) => Buffer.from(text).toString('base64');
const hex = (text: string) => Buffer.from(text).toString('hex');
const hash = (name: string, text: string) => createHash(name).update(text).digest('hex');

describe('a person is found', () => {
  it.each([
    'ann.archer@example.com',
    'ANN.Archer@Example.COM',
    'email=ann.archer%40example.com&x=1',
    `a=${percent(percent('ann.archer@example.com'))}`,
    '{"email":"ann.archer\\u0040example.com"}',
    '{"notes":"hi\\nann.archer@example.com"}',
    '<e>ann.archer&#64;example.com</e>',
    base64('user ann.archer@example.com'),
    hex('ann.archer@example.com'),
    hash('md5', 'ann.archer@example.com'),
    hash('sha1', 'ANN.ARCHER@EXAMPLE.COM').toUpperCase(),
    hash('sha256', 'ann.archer@example.com'),
    'Duplicate of "ann.archer@example.com".',
  ])('by e-mail in %s', (text) => {
    expect(ann.isIn(text)).toBe(true);
    expect(ann.isIn(ann.remove(text))).toBe(false);
  });

  it.each([
    '5127891111',
    '(512) 789-1111',
    '512.789.1111 x12',
    '+1 512 789 1111',
    '15127891111',
    '001-512-789-1111',
    'phone=%28512%29+789-1111',
    'tel:+1(512)7891111',
    hash('sha256', '+15127891111'),
    hash('md5', '5127891111'),
  ])('by phone in %s', (text) => {
    expect(phone.isIn(text)).toBe(true);
    expect(phone.isIn(phone.remove(text))).toBe(false);
  });

  it.each([
    'joann.archer@example.com',
    'jo.ann.archer@example.com',
    'ann.archer@example.com.au',
    'ann.archer@example.community',
  ])('and another one is not: %s', (text) => expect(ann.isIn(text)).toBe(false));

  it.each(['15127891111234', '95127891111', '512789 111', '67c59a5127891111aaaaaaaa', '512-789-1112'])(
    'nor another number: %s',
    (text) => expect(phone.isIn(text)).toBe(false),
  );

  it('in texts and names of a document at any depth', () => {
    expect(ann.isIn(joinTexts({ a: [{ b: 'ann.archer@example.com' }] }))).toBe(true);
    expect(ann.isIn(joinTexts({ a: { 'ann.archer@example.com': 1 } }))).toBe(true);
    expect(phone.isIn(joinTexts({ a: [5127891111] }))).toBe(true);
  });
});

describe('a reason that outlives its lead', () => {
  it.each([
    ['Duplicate of ann@example.com', 'Duplicate of …'],
    ['No: Archer is known', 'No: … is known'],
    ['Called (512) 789-1111 before', 'Called … before'],
    ['It said "Ann moved"', 'It said …'],
    ['Price 12.50 is below 20', 'Price 12.50 is below 20'],
  ])('%s', (reason, stripped) => expect(createReasonStripper(['Archer'])(reason)).toBe(stripped));
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import {
  parseLater,
  parseTallies,
  parseWords,
  writeLater,
  writeTallies,
  writeWords,
} from '../../src/statistics/stored-digest.ts';

/* Rows of `digests` as a version of the program stored them. They are never written again; a new version gets a new file. */

const FOLDER = join(packageRoot, 'test', 'stored', 'digests');
const read = (name: string): Record<'tallies' | 'later' | 'words', string> =>
  JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));
const NEWEST = read('v1.json');

it('what version 1 has stored of digests is read, and is what is written now', () => {
  expect(writeTallies(parseTallies(NEWEST.tallies))).toBe(NEWEST.tallies);
  expect(writeLater(parseLater(NEWEST.later))).toBe(NEWEST.later);
  expect(writeWords(parseWords(NEWEST.words))).toBe(NEWEST.words);
});

it('words from before they had a version are the same', () => {
  expect(parseWords(read('v0-words.json').words)).toEqual(parseWords(NEWEST.words));
});

it('what a newer version has stored is refused', () => {
  const newer = (text: string) => text.replace('"version":1', '"version":2');
  for (const parse of [parseTallies, parseLater, parseWords]) {
    expect(() => parse(newer(NEWEST.words))).toThrow('a newer Sluice wrote it');
  }
});

it('every sample is read by a test', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(['v0-words.json', 'v1.json']);
});

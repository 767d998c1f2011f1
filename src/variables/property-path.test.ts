import { describe, expect, it } from 'vitest';
import { type PathSegment, parsePath } from './property-path.ts';

describe('a path is read into its segments', () => {
  const cases: [string, PathSegment[]][] = [
    ['price', ['price']],
    ['lead.phone_1.area', ['lead', 'phone_1', 'area']],
    ['items.0', ['items', 0]],
    ['items[0]', ['items', 0]],
    ['items[0].name', ['items', 0, 'name']],
    ['items[0][1]', ['items', 0, 1]],
    ['data{123}.x', ['data', '123', 'x']],
    ['data.{123}.x', ['data', '123', 'x']],
    ['data{a.b}', ['data', 'a.b']],
    ["data.'123'.x", ['data', '123', 'x']],
    ['data."a.b".x', ['data', 'a.b', 'x']],
    ["a['b c'].d", ['a', 'b c', 'd']],
    ['a["b.c"]', ['a', 'b.c']],
    ['lead.[first name]', ['lead', 'first name']],
    ['lead.[0]', ['lead', 0]],
    ['zips.00501', ['zips', '00501']],
    ['years.1984.count', ['years', '1984', 'count']],
    ['form_field.lead[first]', ['form_field', 'lead[first]']],
    ['form_field.items[0][name]', ['form_field', 'items[0][name]']],
    ['form_field.ids[]', ['form_field', 'ids[]']],
    ['form_field.{items[0]}', ['form_field', 'items[0]']],
    ['header.X-Api-Key', ['header', 'X-Api-Key']],
    ['xml_path.lead@xmlns:xsi', ['xml_path', 'lead@xmlns:xsi']],
    ['xml_path.phones.phone.0', ['xml_path', 'phones', 'phone', 0]],
    ["lead.o'clock", ['lead', "o'clock"]],
    ['a.[b', ['a', '[b']],
    ['a.{b', ['a', '{b']],
    ['a.b}', ['a', 'b}']],
    ['a.{}', ['a', '{}']],
    ["it's.o'clock", ["it's", "o'clock"]],
    ['lead.First Name', ['lead', 'First Name']],
  ];
  it.each(cases)('%s', (path, segments) => {
    expect(parsePath(path)).toEqual({ ok: true, value: segments });
  });
});

describe('a path that means nothing is refused with a sentence', () => {
  it.each(['', '.', 'a.', '.a', 'a..b'])('%j has an empty part', (path) => {
    expect(parsePath(path)).toMatchObject({ ok: false, error: expect.stringContaining('empty part') });
  });
  it('has bounds', () => {
    expect(parsePath('a'.repeat(513))).toMatchObject({ ok: false });
    expect(parsePath(new Array(33).fill('a').join('.'))).toMatchObject({ ok: false });
    expect(parsePath(new Array(32).fill('a').join('.'))).toMatchObject({ ok: true });
  });
});

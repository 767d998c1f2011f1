import { describe, expect, it } from 'vitest';
import { cpuRatioOnce } from '../../test/harness/cpu-ratio.ts';
import { labelOfPath } from './label.ts';
import { parseList } from './parse-list.ts';
import { joinReasons, REASON_CHARACTERS_MAX, REASON_VALUE_CHARACTERS_MAX, writeReason } from './reason.ts';

const FIELDS = new Map([
  ['phone_1', 'Phone 1'],
  ['mortgage.property.state', 'Property State'],
  ['mortgage', 'Mortgage'],
]);

describe('labelOfPath', () => {
  it.each([
    ['lead.phone_1', 'Phone 1'],
    ['lead.phone_1.area', 'Phone 1 Area'],
    ['lead.mortgage.property.state', 'Property State'],
    ['lead.mortgage.property.state.name', 'Property State Name'],
    ['lead.mortgage.rate', 'Mortgage Rate'],
    ['lead.favourite_color', 'Favourite Color'],
    ['lead', 'Lead'],
    ['submission.timestamp', 'Submission Timestamp'],
    ['my_crm.outcome', 'My Crm Outcome'],
    ['items[0].name', 'Items 0 Name'],
    ['lead..x', 'lead..x'],
    ['lead.__proto__', 'Proto'],
  ])('%s', (path, label) => {
    expect(labelOfPath(path, (id) => FIELDS.get(id))).toBe(label);
  });
});

describe('reasons', () => {
  it('are cut at their maximum length', () => {
    const long = writeReason({ label: 'State', phrase: 'must be included in', right: 'TX,'.repeat(1_000) });
    expect(long.endsWith('…')).toBe(true);
    expect(long.length).toBeLessThan(REASON_VALUE_CHARACTERS_MAX + 40);
    expect(joinReasons(Array.from({ length: 10_000 }, () => long))).toHaveLength(REASON_CHARACTERS_MAX);
  });
});

describe('parseList', () => {
  it.each<[text: string, members: string[]]>([
    ['TX,CA', ['TX', 'CA']],
    [' TX , CA ', ['TX', 'CA']],
    ['"Doe, John",x', ['Doe, John', 'x']],
    ['"say ""hi""",x', ['say "hi"', 'x']],
    ['a\r\nb\n\nc', ['a', 'b', 'c']],
    [',a,,b,', ['a', 'b']],
    ['5" pipe,x', ['5" pipe', 'x']],
    ['"open,x', ['"open', 'x']],
    ['"a"b,c', ['"a"b', 'c']],
    ['', []],
  ])('%j', (text, members) => {
    expect(parseList(text)).toEqual(members);
  });

  it('takes linear time on hostile texts', () => {
    for (const piece of ['"', '"a ', '"a,""b', '""",', ' ']) {
      const text = piece.repeat(50_000);
      expect(cpuRatioOnce(() => parseList(text))).toBeLessThan(100);
    }
  });
});

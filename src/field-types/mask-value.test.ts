import { describe, expect, it } from 'vitest';
import { maskValue } from './mask-value.ts';
import { normalizeValue } from './normalize-value.ts';
import { parseValue } from './parse-value.ts';
import { starOut } from './star-out.ts';

const CTX = { now: Date.parse('2026-11-20T12:00:00.000Z'), timeZone: 'UTC' };
const ssn = parseValue('ssn', '123-45-6789', CTX);

describe('maskValue', () => {
  it('stars text and components and keeps whether it was valid', () => {
    expect(normalizeValue(maskValue(ssn))).toEqual({
      normal: '*********',
      raw: '***********',
      first_three: '***',
      middle_two: '**',
      last_four: '****',
      masked: true,
      valid: true,
    });
  });

  it('keeps year and age of a date of birth, but not an age of 0', () => {
    const masked = maskValue(parseValue('dob', '1990-11-20', CTX));
    expect(normalizeValue(masked)).toEqual({
      normal: '**/**/1990',
      raw: '**/**/1990',
      valid: true,
      masked: true,
      age: 36,
      year: 1990,
    });
    expect(JSON.stringify(normalizeValue(maskValue(parseValue('dob', '2026-11-19', CTX))))).not.toMatch(/\d/);
  });

  it('finds values in objects and arrays and leaves the original alone', () => {
    const vars = { lead: { list: [ssn, 'x'], name: 'Ann' }, other: { a: 1 } };
    const masked = maskValue(vars) as typeof vars;
    expect(String(masked.lead.list[0])).toBe('*********');
    expect(masked.lead.name).toBe('Ann');
    expect(masked.other).toBe(vars.other);
    expect(String(vars.lead.list[0])).toBe('123456789');
  });

  it('masks plain objects that say so, nested values too', () => {
    const value = { masked: false, valid: true, token: 'abc', inner: { pin: 1234, on: true }, none: null };
    expect(maskValue(value)).toEqual({
      masked: true,
      valid: true,
      token: '***',
      inner: { pin: '****', on: '*' },
      none: null,
    });
  });

  it('masks what says that it is masked already, and keeps its text', () => {
    expect(normalizeValue(maskValue(parseValue('phone', '512-789-****', CTX)))).toMatchObject({
      normal: '512789****',
      ...{ raw: '************', area: '***', is_tollfree: '*', country_calling_code: '*', masked: true, valid: true },
    });
    expect(maskValue({ masked: true, a: 'bc' })).toEqual({ masked: true, a: '**' });
    expect(maskValue({ masked: 'no', a: 'bc' })).toEqual({ masked: true, a: '**' });
    expect(maskValue({ masked: null, a: 'bc' })).toEqual({ masked: null, a: 'bc' });
  });

  it.each(['ssn', 'dob', 'credential'])('masks twice as it masks once: %s', (type) => {
    const once = maskValue(parseValue(type, type === 'dob' ? '1990-11-20' : '123-45-6789', CTX));
    expect(normalizeValue(maskValue(once))).toEqual(normalizeValue(once));
  });

  it('lets no secret through below the depth it looks at', () => {
    let nested: unknown = ssn;
    for (let i = 0; i < 5000; i += 1) nested = [nested];
    expect(JSON.stringify(normalizeValue(maskValue(nested)))).not.toContain('6789');
  });

  it('leaves other types to starOut, for fields that are masked by their setting', () => {
    const phone = starOut(parseValue('phone', '5127894321', CTX));
    expect(normalizeValue(phone)).toMatchObject({
      normal: '**********',
      area: '***',
      is_tollfree: '*',
      valid: true,
    });
    expect(String(starOut(parseValue('number', '5.5', CTX)))).toBe('***');
    expect(starOut('Ann')).toBe('***');
  });

  it('answers what has nothing to mask with itself', () => {
    const vars = { lead: { phone: parseValue('phone', '5127894321', CTX), tags: ['a'] } };
    expect(maskValue(vars)).toBe(vars);
  });
});

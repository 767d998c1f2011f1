import { beforeAll, describe, expect, it } from 'vitest';
import { cpuRatioOnce } from '../../test/harness/cpu-ratio.ts';
import { compileTemplate } from './compile-template.ts';
import { prepareHashes } from './hash-helpers.ts';

const ctx = { now: Date.UTC(2026, 10, 20, 12), timeZone: 'America/Chicago', random: () => 0.25 };
const dob = Object.assign(new Date(Date.UTC(1990, 4, 17, 5)), { toString: () => '1990-05-17', raw: '5/17/1990' });
const time = Object.assign(new Date(Date.UTC(2026, 10, 20, 3, 4, 5, 67)), { raw: 'x', valid: true });
const vars = {
  submission: { timestamp: time, iso: '2026-03-08T07:30:00Z', ms: Date.UTC(2026, 2, 8, 7, 30) },
  lead: {
    first_name: 'Michael',
    email: 'ann@example.com',
    phone_1: Object('5127894321'),
    dob,
    us_date: '06/02/2017',
    price: Object(1234.567),
    cents: '12345.5',
    negative: -1234.5,
    opted_in: Object(true),
    unread: Object.assign(Object(Number.NaN), { raw: 'about 5', valid: false }),
    tags: '#John#Doe#Smith',
    numbers: [3, '7', 5],
    zip: '78704',
    text: 'x'.repeat(65_536),
  },
};

beforeAll(prepareHashes);

function evaluated(source: string, given: Record<string, unknown> = vars): unknown {
  const template = compileTemplate(source);
  if (!template.ok) throw new Error(`${source}: ${template.error.message}`);
  return template.value.evaluate(given, ctx);
}

describe('format of dates', () => {
  const cases: [string, string][] = [
    ['lead.dob format="MM/DD/YYYY"', '05/17/1990'],
    ['lead.dob format="MM/DD/YYYY" timezone="America/Los_Angeles"', '05/17/1990'],
    ['lead.dob format="D.M.YY"', '17.5.90'],
    ['lead.us_date format="YYYY-MM-DD"', '2017-06-02'],
    ['submission.timestamp format="HHmm"', '0304'],
    ['submission.timestamp format="HHmm" timezone="America/Chicago"', '2104'],
    ['submission.timestamp format="dddd ddd dd d E e"', 'Friday Fri Fr 5 5 5'],
    ['submission.timestamp format="dddd" timezone="America/Chicago"', 'Thursday'],
    ['submission.timestamp format="MMMM MMM MM M Mo Do DDD DDDD Q"', 'November Nov 11 11 11th 20th 324 324 4'],
    ['submission.timestamp format="YYYY YY gggg gg GGGG GG w W ww WW"', '2026 26 2026 26 2026 26 47 47 47 47'],
    ['submission.timestamp format="h:mm:ss A a k H S SS SSS SSSS"', '3:04:05 AM am 3 3 0 06 067 0670'],
    ['submission.timestamp format="[at] HH [o\'clock]"', "at 03 o'clock"],
    ['submission.timestamp format="X x"', '1795143845 1795143845067'],
    ['submission.timestamp format="Z ZZ z|"', '+00:00 +0000 |'],
    ['submission.timestamp format="Z ZZ z" timezone="America/Chicago"', '-06:00 -0600 CST'],
    ['submission.timestamp format="L LT"', '11/20/2026 3:04 AM'],
    ['submission.timestamp format="LLLL"', 'Friday, November 20, 2026 3:04 AM'],
    ['submission.timestamp format="l ll LTS"', '11/20/2026 Nov 20, 2026 3:04:05 AM'],
    ['submission.timestamp format="dddd D MMMM" locale="fr"', 'vendredi 20 novembre'],
    ['submission.timestamp format="L" locale="de"', '20.11.2026'],
    ['submission.timestamp format="L LL" locale="de"', '20.11.2026 20. November 2026'],
    ['submission.timestamp format="LLLL" locale="de"', 'Freitag, 20. November 2026 03:04'],
    ['submission.timestamp format="LLL LT" locale="es"', '20 de noviembre de 2026 3:04 3:04'],
    ['submission.timestamp format="LLLL LTS" locale="fr"', 'vendredi 20 novembre 2026 03:04 03:04:05'],
    ['lead.us_date format="L l" locale="fr-FR"', '02/06/2017 2/6/2017'],
    ['submission.timestamp format="L LT" locale="en-GB"', '20/11/2026 03:04'],
    ['submission.timestamp format="Do Mo Qo Wo" locale="de"', '20. 11. 4. 47.'],
    ['submission.timestamp format="Do Mo" locale="es"', '20º 11º'],
    ['submission.timestamp format="Do Mo Wo" locale="fr"', '20 11e 47e'],
    ['"2026-01-01" format="Do Mo Wo" locale="fr"', '1er 1er 1re'],
    ['submission.timestamp format="Do" locale="ja"', '20'],
    ['submission.timestamp format="Qo DDDo do wo gg YYYYYY"', '4th 324th 5th 47th 26 +002026'],
    ['submission.timestamp format="e w GGGG" locale="de"', '4 47 2026'],
    ['submission.timestamp format="h A a" locale="es"', '3 AM am'],
    ['submission.timestamp format="z" timezone="Europe/Berlin" locale="de"', 'CET'],
    ['submission.timestamp format="zz" timezone="Asia/Kolkata"', 'IST'],
    ['submission.timestamp format="z" timezone="America/Sao_Paulo"', 'GMT-3'],
    ['submission.iso format="YYYY-MM-01"', '2026-03-01'],
    ['submission.iso format="YYYY-MM-DD HH:mm"', '2026-03-08 07:30'],
    ['submission.ms format="YYYY-MM-DD HH:mm"', '2026-03-08 07:30'],
    ['submission.timestamp operator="subtract" days="7"', '2026-11-13T03:04:05.067Z'],
    ['submission.timestamp format="YYYY-MM-DD" operator="add" weeks=1 days=1', '2026-11-28'],
    ['submission.iso format="MM-DD HH:mm" timezone="America/Chicago" operator="add" day=1', '03-09 01:30'],
    ['lead.dob operator="add" years=18', '2008-05-17'],
    ['lead.dob', '1990-05-17'],
    ['lead.zip format="MM/DD/YYYY"', '78704'],
    ['lead.missing format="MM"', ''],
  ];
  it.each(cases)('%s', (call, text) => {
    expect(evaluated(`{{format ${call}}}`)).toBe(text);
  });

  it('American weeks begin on Sunday', () => {
    const week = (day: string) => evaluated('{{format day format="w gggg W GGGG"}}', { day });
    expect(week('2027-01-01')).toBe('1 2027 53 2026');
    expect(week('2026-12-26')).toBe('52 2026 52 2026');
    expect(week('2026-12-27')).toBe('1 2027 52 2026');
    expect(week('2026-01-04')).toBe('2 2026 1 2026');
  });
});

describe('format of numbers', () => {
  const cases: [string, string][] = [
    ['lead.price format="0,0"', '1,235'],
    ['lead.price format="0"', '1235'],
    ['lead.price format="$0,0.00"', '$1,234.57'],
    ['lead.price format="0,0.0[00]"', '1,234.567'],
    ['lead.price format="0.00000"', '1234.56700'],
    ['lead.cents format="$0,0[.]00"', '$12,345.50'],
    ['lead.zip format="$0,0[.]00"', '$78,704'],
    ['lead.negative format="0,0.0"', '-1,234.5'],
    ['lead.negative format="(0,0.00)"', '(1,234.50)'],
    ['lead.negative format="$0,0"', '-$1,235'],
    ['lead.price format="+0,0"', '+1,235'],
    ['0.256 format="0.[00]%"', '25.6%'],
    ['0.25 format="0 %"', '25 %'],
    ['1.005 format="0.00"', '1.01'],
    ['1 format="0o"', '1st'],
    ['112 format="0o"', '112th'],
    ['1234567 format="0.0a"', '1.2m'],
    ['1500 format="0.0 a"', '1.5 k'],
    ['1234567 format="0 ak"', '1235 k'],
    ['1234567 format="0.00am"', '1.23m'],
    ['12 format="0.0a"', '12.0'],
    ['"0.0345" format="0.0 BPS"', '345.0 BPS'],
    ['0.25 format="%0"', '25%'],
    ['1000 format="0b"', '1KB'],
    ['100 format="0 b"', '100 B'],
    ['2048 format="0 ib"', '2 KiB'],
    ['7884486213 format="0.00b"', '7.88GB'],
    ['"3467479682787" format="0.000 ib"', '3.154 TiB'],
    ['1123456789 format="0,0e+0"', '1e+9'],
    ['"0.000123987" format="0.000e+0"', '1.240e-4'],
    ['lead.negative format="0.00e+0"', '-1.23e+3'],
    ['63846 format="00:00:00"', '17:44:06'],
    ['"-25" format="0:00:00"', '-0:00:25'],
    ['7 format="000"', '007'],
    ['"-0.23" format="(.00)"', '(.23)'],
    ['lead.price format=".00"', '.57'],
    ['lead.price format="0,0.00 USD"', '1,234.57 USD'],
    ['lead.price format="about 0,0 total"', 'about 1,235 total'],
    ['23 format="0o" locale="de"', '23.'],
    ['1 format="0o" locale="fr"', '1er'],
    ['lead.cents format="0,0.00" locale="fr"', '12\u202f345,50'],
    ['lead.cents format="$0,0.00" locale="es"', '$12.345,50'],
    ['lead.price format="0,0.00" locale="de"', '1.234,57'],
    ['lead.unread format="0,0"', 'about 5'],
    ['lead.first_name format="0,0"', 'Michael'],
    ['lead.missing format="0,0"', ''],
    ['lead.price', '1234.567'],
  ];
  it.each(cases)('%s', (call, text) => {
    expect(evaluated(`{{format ${call}}}`)).toBe(text);
  });
});

describe('data types', () => {
  const cases: [string, unknown][] = [
    ['{{format lead.zip dataType="Number"}}', 78704],
    ['{{format lead.first_name dataType="Number"}}', 'Michael'],
    ['{{format submission.timestamp format="X" dataType="Number"}}', 1795143845],
    ['{{math "1 + 2" dataType="Number"}}', 3],
    ['{{math "1 + 2"}}', '3'],
    ['{{format lead.opted_in dataType="String"}}', 'true'],
    ['{{format lead.zip dataType="Number"}}!', '78704!'],
  ];
  it.each(cases)('%s', (source, value) => {
    expect(evaluated(source)).toBe(value);
  });
});

describe('helpers of text', () => {
  const cases: [string, string][] = [
    ['lowercase lead.first_name', 'michael'],
    ['uppercase lead.first_name', 'MICHAEL'],
    ['uppercase lead.missing', ''],
    ['substring lead.first_name start=2 end=4', 'ich'],
    ['substring lead.first_name start="3"', 'chael'],
    ['substring lead.first_name end=2', 'Mi'],
    ['substring lead.first_name start=0 end=99', 'Michael'],
    ['substring lead.first_name start=5 end=2', ''],
    ['substring lead.phone_1 start=1 end=3', '512'],
    ['replace "a.b.c" pattern="." replace="-"', 'a-b-c'],
    ['replace "a.b" pattern="." replace="$1"', 'a$1b'],
    ['replace "(512) 789" pattern="regexp(\\D)" replace=""', '512789'],
    ['replace "Lee Ann" pattern="regexp((\\w+) (\\w+))" replace="$2, $1 $$ $& $9"', 'Ann, Lee $ Lee Ann $9'],
    ['replace "aXbx" pattern="regexp(/x/i)" replace="_"', 'a_b_'],
    ['replace "abc" pattern="regexp(x*)" replace="-"', '-a-b-c-'],
    ['replace "abc" pattern="" replace="-"', 'abc'],
    ['replace "abc" pattern=lead.missing replace="-"', 'abc'],
    ['replace "a(b" pattern=lead.bad replace="-"', 'a(b'],
    ['extract lead.tags pattern="#(\\w+)#(\\w+)"', 'John Doe'],
    ['extract lead.tags pattern="\\w+"', 'John Doe Smith'],
    ['extract lead.tags pattern="nothing"', ''],
    ['extract "id=12;" pattern="/ID=(\\d+)/i"', '12'],
  ];
  it.each(cases)('%s', (call, text) => {
    expect(evaluated(`{{${call}}}`, { lead: { ...vars.lead, bad: 'regexp((b)' } })).toBe(text);
  });
});

describe('math', () => {
  const cases: [string, unknown][] = [
    ['1 + 2 * 3', '7'],
    ['(1 + 2) * 3', '9'],
    ['2 ^ 3 ^ 2', '512'],
    ['-2 ^ 2', '-4'],
    ['2 ^ -1', '0.5'],
    ['7 % 4', '3'],
    ['5!', '120'],
    ['fac(5) + fac 3', '126'],
    ['200!', ''],
    ['1 / 0', ''],
    ['sqrt 16 + sqrt(9)', '7'],
    ['roundTo(2.345, 2)', '2.35'],
    ['round(2.5) + floor(2.5) + ceil(2.5)', '8'],
    ['max(1, lead.numbers, 4)', '7'],
    ['min([4, 2], 3)', '2'],
    ['pyt(3, 4) + pow(2, 3) + atan2(0, 1)', '13'],
    ['if(lead.zip > 78000, 1, 2)', '1'],
    ['lead.price > 1000 ? 1 : 0', '1'],
    ['lead.missing < 18 ? 1 : 0', '0'],
    ['not lead.missing and lead.price > 1 or false', 'true'],
    ['lead.first_name == "Michael" ? 1 : 2', '1'],
    ['lead.first_name != 5', 'true'],
    ['1 || 2', '12'],
    ['"a" || "b"', ''],
    ['lead.numbers[1] * lead.numbers.0', '21'],
    ['random(100)', '25'],
    ['random()', '0.25'],
    ['lead.missing + 1', ''],
    ['lead.first_name + 1', ''],
    ['floor(PI) + E * 0', '3'],
    ['.5 + 1e2', '100.5'],
    ['lead.constructor', ''],
  ];
  it.each(cases)('%s', (expression, text) => {
    expect(evaluated(`{{math '${expression}'}}`)).toBe(text);
  });

  it('takes an expression from a helper and formats the result', () => {
    expect(evaluated('{{math (replace "1-2" pattern="-" replace="+") format="$0.00"}}')).toBe('$3.00');
    expect(evaluated('{{math lead.broken}}', { lead: { broken: '1 +' } })).toBe('');
  });

  it('lists which variables it reads', () => {
    const template = compileTemplate('{{math "lead.a + max(b.0, lead.a)"}}');
    expect(template).toMatchObject({ ok: true, value: { variables: ['lead.a', 'b.0'] } });
  });
});

describe('hashes', () => {
  const cases: [string, string][] = [
    ['md4 "abc"', 'a448017aaf21d8525fc10ae87aa6729d'],
    ['md5 "abc"', '900150983cd24fb0d6963f7d28e17f72'],
    ['ripemd "abc"', '8eb208f7e05d987a9b044a8e98c6b087f15a0bfc'],
    ['ripemd160 "abc"', '8eb208f7e05d987a9b044a8e98c6b087f15a0bfc'],
    ['sha1 "abc"', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    ['sha224 "abc"', '23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7'],
    ['sha256 "abc"', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['sha256 "a" "b" salt="c"', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['md5 "abc" encoding="base64"', 'kAFQmDzST7DWlj99KOF/cg=='],
    ['md5 "abc" encoding="latin1"', '\x90\x01P\x98<\xd2O\xb0\xd6\x96?}(\xe1\x7fr'],
    ['md5 "a=b"', '7acaac15494e6820b1ed6d8b539af089'],
    ['md5 lead.missing', ''],
  ];
  it.each(cases)('%s', (call, text) => {
    expect(evaluated(`{{${call}}}`)).toBe(text);
  });

  it.each([
    ['sha384', 96],
    ['sha512', 128],
    ['whirlpool', 128],
  ])('%s has %i digits', (name, digits) => {
    expect(evaluated(`{{${name} "abc"}}`)).toHaveLength(digits);
  });
});

describe('a wrong literal argument is a fault of the template', () => {
  const cases: [string, string][] = [
    ['{{format lead.dob format="MM" timezone="Mars/Base"}}', 'no time zone "Mars/Base"'],
    ['{{format lead.dob format="MM" locale="no such"}}', 'no locale'],
    ['{{sha1 lead.email encoding="hexx"}}', 'hex, base64, latin1'],
    ['{{extract lead.x pattern="a(?=b)"}}', 'Look-ahead'],
    ['{{extract lead.x pattern="(a)\\1"}}', 'back-reference'],
    ['{{extract lead.x pattern="(a"}}', 'not a regular expression'],
    ['{{replace lead.x pattern="regexp([)" replace=""}}', 'not a regular expression'],
    ['{{math "1 +"}}', 'character'],
    ['{{math "1 + * 2"}}', 'character 5'],
    ['{{math "nope(1)"}}', 'no function "nope"'],
    ['{{math "pow(1)"}}', 'wrong number'],
    ['{{math "a = 1"}}', '"=" is not part'],
    ['{{math "(1"}}', '")" is missing'],
    ['{{math "1 2"}}', '"2" cannot stand here'],
    [`{{math "${'('.repeat(200)}1"}}`, 'too deeply'],
  ];
  it.each(cases)('%s', (source, message) => {
    expect(compileTemplate(source)).toMatchObject({ ok: false, error: { message: expect.stringContaining(message) } });
  });
});

describe('work of helpers is bounded', () => {
  const cases: [string, string][] = [
    ['many matches that read to the end', '{{replace lead.text pattern="regexp(x(.*y)?)" replace="-"}}!'],
    ['a large pattern on a long text', '{{extract lead.text pattern="((x?){300})[bc]"}}!'],
    ['a replacement that explodes', '{{replace lead.text pattern="x" replace=lead.text}}!'],
    ['a replacement of matches that explodes', '{{replace lead.text pattern="regexp(x)" replace=lead.text}}!'],
    ['concatenation', `{{math "${new Array(80).fill('lead.text').join('||')}"}}!`],
    ['hashes in a loop', '{{#each list}}{{whirlpool @root.lead.text}}{{/each}}!'],
    ['patterns in a loop', '{{#each list}}{{extract @root.lead.text pattern="(x+)y?"}}{{/each}}!'],
  ];
  it.each(cases)('%s', (_, source) => {
    const list = new Array(5_000).fill(1);
    expect(cpuRatioOnce(() => expect(evaluated(source, { ...vars, list })).toBe(''))).toBeLessThan(250);
  });

  it('one class over a long text is linear and works', () => {
    const text = 'ab 12 '.repeat(4_000);
    expect(evaluated('{{replace text pattern="regexp(\\s+)" replace=""}}', { text })).toBe('ab12'.repeat(4_000));
  });
});

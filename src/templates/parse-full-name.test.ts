import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cpuRatioOnce } from '../../test/harness/cpu-ratio.ts';
import { parseFullName } from './parse-full-name.ts';

it.each([
  // salutation, first, middle, last, suffix
  ['Ann', ['', 'Ann', '', '', '']],
  ['Ann Ray', ['', 'Ann', '', 'Ray', '']],
  ['  Ann   B.  Ray ', ['', 'Ann', 'B.', 'Ray', '']],
  ['Ann Maria Ray', ['', 'Ann Maria', '', 'Ray', '']],
  ['Ann B. C. Ray', ['', 'Ann', 'B. C.', 'Ray', '']],
  ['Dr. Ann B. Ray Jr.', ['Dr.', 'Ann', 'B.', 'Ray', 'Jr']],
  ['mr John Smith iii', ['Mr.', 'John', '', 'Smith', 'III']],
  ['John Smith Jr., M.D.', ['', 'John', '', 'Smith', 'Jr, MD']],
  ['Prof. Dr. Ann Ray', ['Prof. Dr.', 'Ann', '', 'Ray', '']],
  ['Mr. & Mrs. John Smith', ['Mr. & Mrs.', 'John', '', 'Smith', '']],
  ['Juan de la Cruz', ['', 'Juan', '', 'de la Cruz', '']],
  ['Ann Maria van der Berg', ['', 'Ann Maria', '', 'van der Berg', '']],
  ['Ann B. St. John', ['', 'Ann', 'B.', 'St. John', '']],
  ['Von Fabella', ['', 'Von', '', 'Fabella', '']],
  ['Van', ['', 'Van', '', '', '']],
  ['R. Jason Smith', ['', 'Jason', 'R.', 'Smith', '']],
  ['R. J. Smith', ['', 'R.', 'J.', 'Smith', '']],
  ['J Smith', ['', 'J', '', 'Smith', '']],
  ['Bob & Sue Jones', ['', 'Bob Sue', '&', 'Jones', '']],
  ['Ann-Marie O’Neil', ['', 'Ann-Marie', '', 'O’Neil', '']],
  ['Ann (Annie) Ray', ['', 'Ann', '', 'Ray', '']],
  ['Ray, Ann B.', ['', 'Ann', 'B.', 'Ray', '']],
  ['de la Cruz, Juan', ['', 'Juan', '', 'de la Cruz', '']],
  ['Ray, Ann B., Jr.', ['', 'Ann', 'B.', 'Ray', 'Jr']],
  ['Ann Ray, Jr.', ['', 'Ann', '', 'Ray', 'Jr']],
  ['Dr. Smith, John', ['Dr.', 'John', '', 'Smith', '']],
  ['Smith, Dr. John', ['Dr.', 'John', '', 'Smith', '']],
  ['Smith, John Jr', ['', 'John', '', 'Smith', 'Jr']],
  ['Smith Jr., John', ['', 'John', '', 'Smith', 'Jr']],
  ['Smith, John B. Jr., MD', ['', 'John', 'B.', 'Smith', 'Jr, MD']],
  ['García López, José', ['', 'José', '', 'García López', '']],
  ['Mrs. García López, Ana María', ['Mrs.', 'Ana María', '', 'García López', '']],
  ['van der Berg, Ann', ['', 'Ann', '', 'van der Berg', '']],
  ['Smith, J.', ['', 'J.', '', 'Smith', '']],
  ['Ray, Ma', ['', 'Ma', '', 'Ray', '']],
  ['Ann Ray, MA', ['', 'Ann', '', 'Ray', 'MA']],
  ['Ray,', ['', 'Ray', '', '', '']],
  [', Ann', ['', 'Ann', '', '', '']],
  ['李 小龙', ['', '李', '', '小龙', '']],
  ['Ann Ma', ['', 'Ann', '', 'Ma', '']],
  ['Ann Ray MA', ['', 'Ann', '', 'Ray', 'MA']],
  ['John Ben Smith', ['', 'John Ben', '', 'Smith', '']],
  ['Dr', ['', 'Dr', '', '', '']],
  ['constructor __proto__', ['', 'constructor', '', '__proto__', '']],
  [' , ,', ['', '', '', '', '']],
  ['', ['', '', '', '', '']],
])('%j is taken apart', (text, parts) => {
  expect(Object.values(parseFullName(text))).toEqual(parts);
});

it('every word of two to five ends up in one part, whatever they are', () => {
  const word = fc.oneof(
    fc.string({ minLength: 1, maxLength: 8 }),
    fc.constantFrom('Dr.', 'Jr', '&', 'van', 'B.', 'and'),
  );
  fc.assert(
    fc.property(fc.array(word, { minLength: 2, maxLength: 5 }), (words) => {
      const plain = words.map((each) => each.replace(/[\s(),.]/g, '')).filter((each) => each !== '');
      const parts = Object.values(parseFullName(plain.join(' ')))
        .join(' ')
        .split(/[\s,]+/);
      const found = parts.filter((each) => each !== '').map((each) => each.replaceAll('.', '').toLowerCase());
      expect(found.sort()).toEqual(plain.map((each) => each.toLowerCase()).sort());
    }),
  );
});

it('reads the beginning of what is no name', () => {
  for (const text of ['(', 'a ', ',', 'Dr. ', '\ud800', '((a)']) {
    const long = text.repeat(500_000);
    const ratio = cpuRatioOnce(() => {
      expect(Object.values(parseFullName(long)).join('').length).toBeLessThanOrEqual(2_000);
    });
    expect(ratio).toBeLessThan(100);
  }
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignPath, copyContainers } from './assign.ts';
import { parsePath } from './property-path.ts';

function assigned(writes: [string, unknown][]): Record<string, unknown> {
  const target: Record<string, unknown> = {};
  for (const [path, value] of writes) {
    const segments = parsePath(path);
    if (segments.ok) assignPath(target, segments.value, value);
  }
  return target;
}

describe('assigning builds what the path says, and the later write wins', () => {
  const phone = Object.assign(Object('5127894321'), { area: '512' });
  const cases: [string, [string, unknown][], unknown][] = [
    ['a name', [['a', 1]], { a: 1 }],
    [
      'nested names',
      [
        ['a.b', 1],
        ['a.c', 2],
      ],
      { a: { b: 1, c: 2 } },
    ],
    [
      'an array',
      [
        ['tags.0', 'x'],
        ['tags.1', 'y'],
      ],
      { tags: ['x', 'y'] },
    ],
    ['an array with a hole', [['tags.2', 'x']], { tags: [null, null, 'x'] }],
    [
      'objects in an array',
      [
        ['a[0].b', 1],
        ['a[0].c', 2],
        ['a.1.b', 3],
      ],
      { a: [{ b: 1, c: 2 }, { b: 3 }] },
    ],
    ['a forced key', [['data{0}.x', 1]], { data: { '0': { x: 1 } } }],
    ['a year is a key', [['years.1984', 1]], { years: { '1984': 1 } }],
    [
      'a place in an object',
      [
        ['a.b', 1],
        ['a.0', 2],
      ],
      { a: { b: 1, '0': 2 } },
    ],
    [
      'a name in an array',
      [
        ['a.0', 1],
        ['a.b', 2],
      ],
      { a: { '0': 1, b: 2 } },
    ],
    [
      'nested after a scalar',
      [
        ['a', 1],
        ['a.b', 2],
      ],
      { a: { b: 2 } },
    ],
    [
      'a scalar after nested',
      [
        ['a.b', 2],
        ['a', 1],
      ],
      { a: 1 },
    ],
    [
      'nested after a rich value',
      [
        ['p', phone],
        ['p.area', 'x'],
      ],
      { p: { area: 'x' } },
    ],
    [
      'forbidden names',
      [
        ['__proto__.x', 1],
        ['a.__proto__', 1],
      ],
      {},
    ],
    [
      'names that mean something in JavaScript',
      [
        ['a.constructor.prototype.x', 1],
        ['prototype', 2],
      ],
      { a: { constructor: { prototype: { x: 1 } } }, prototype: 2 },
    ],
    [
      'the same twice',
      [
        ['a', 1],
        ['a', 2],
      ],
      { a: 2 },
    ],
  ];
  it.each(cases)('%s', (_, writes, expected) => {
    expect(assigned(writes)).toEqual(expected);
  });

  it('an index no path can have is a key', () => {
    const target = {};
    assignPath(target, ['a', 4_000_000_000], 1);
    expect(target).toEqual({ a: { '4000000000': 1 } });
  });

  it('never touches a prototype', () => {
    const segment = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'prototype', 'a', 'toString'), fc.nat(5));
    fc.assert(
      fc.property(fc.array(fc.array(segment, { maxLength: 4 }), { maxLength: 8 }), (paths) => {
        const target: Record<string, unknown> = {};
        for (const path of paths) assignPath(target, path, 'polluted');
        expect(Object.getPrototypeOf(target)).toBe(Object.prototype);
        expect(Object.values(Object.prototype)).toEqual([]);
        expect(({} as Record<string, unknown>).a).toBeUndefined();
      }),
    );
  });
});

describe('copying containers', () => {
  it('copies objects and arrays and shares rich values', () => {
    const rich = Object('x');
    const source = { a: [{ b: rich }], c: JSON.parse('{"__proto__": 1, "constructor": 2}') };
    const copy = copyContainers(source);
    expect(copy).toEqual({ a: [{ b: rich }], c: { constructor: 2 } });
    expect(copy).not.toBe(source);
    assignPath(copy as Record<string, unknown>, ['a', 0, 'b'], 1);
    expect(source.a[0]?.b).toBe(rich);
  });
});

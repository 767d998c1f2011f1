import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { cpuRatioOnce } from '../../test/harness/cpu-ratio.ts';
import { compileTemplate, type Template } from './compile-template.ts';
import { prepareHashes } from './hash-helpers.ts';

beforeAll(prepareHashes);

const ctx = { now: Date.UTC(2026, 10, 20, 12), timeZone: 'America/Chicago', random: () => 0.5 };
const phone = Object.assign(Object('5127894321'), { raw: '(512) 789-4321', area: '512', valid: true });
const vars = {
  random: 42,
  price: 1.5,
  lead: {
    first_name: 'Ann',
    'last name': 'Lee',
    company: 'A&B <"x">',
    phone_1: phone,
    opted_in: Object(false),
    zero: Object(0),
    age: 30,
    tags: ['a', 'b'],
    none: [],
    cars: [
      { make: 'VW', doors: [2, 4] },
      { make: 'BMW', doors: [] },
    ],
    home: { own: true, years: { '1984': 'x' } },
  },
};

function compiled(source: string): Template {
  const template = compileTemplate(source);
  if (!template.ok) throw new Error(`${source}: ${template.error.message}\n${template.error.snippet}`);
  return template.value;
}

describe('the three modes', () => {
  const cases: [string, Template['kind'], unknown][] = [
    ['', 'literal', ''],
    ['plain { text }', 'literal', 'plain { text }'],
    ['a }} b', 'literal', 'a }} b'],
    ['{{lead.age}}', 'variable', 30],
    ['{{ lead.age }}', 'variable', 30],
    ['{{lead.phone_1}}', 'variable', phone],
    ['{{lead.tags}}', 'variable', vars.lead.tags],
    ['{{lead.tags.1}}', 'variable', 'b'],
    ['{{lead.tags[1]}}', 'variable', 'b'],
    ["{{lead['last name']}}", 'variable', 'Lee'],
    ['{{lead.[last name]}}', 'variable', 'Lee'],
    ['{{lead.home.years{1984}}}', 'variable', 'x'],
    ['{{lead.missing}}', 'variable', undefined],
    ['{{lead.random_number}}', 'variable', 42],
    ['{{lead.age}} ', 'composed', '30 '],
    ['{{{lead.age}}}', 'composed', '30'],
    ['{{&lead.age}}', 'composed', '30'],
    ['{{lead.age~}} x', 'composed', '30x'],
    ['{{! a comment }}', 'composed', ''],
    ['{{!-- }} --}}x', 'composed', 'x'],
    ['{{this.price}}', 'composed', '1.5'],
    ['\\{{lead.age}}', 'composed', '{{lead.age}}'],
    ['\\\\{{lead.age}}', 'composed', '\\30'],
    ['\\\\{{lead.tags.0}}', 'composed', '\\a'],
  ];
  it.each(cases)('%s is %s', (source, kind, value) => {
    const template = compiled(source);
    expect(template.kind).toBe(kind);
    expect(template.evaluate(vars, ctx)).toBe(value);
  });
});

describe('a composed template writes', () => {
  const cases: [string, string][] = [
    ['{{lead.first_name}} {{lead.phone_1.area}}', 'Ann 512'],
    ['{{lead.company}}!', 'A&B <"x">!'],
    ['[{{lead.missing}}|{{lead.home}}|{{lead.tags}}|{{lead.opted_in}}]', '[||a,b|false]'],
    ['{{lead.tags.0}}{{lead.tags[1]}}{{lead.cars.[0].make}}{{lead.cars[1].make}}', 'abVWBMW'],
    ["{{lead['last name']}}-{{lead.[last name]}}-{{lead.'last name'}}-{{lead.['last name']}}", 'Lee-Lee-Lee-Lee'],
    ['{{lead.home.years.1984}}-{{lead.home.years{1984}}}', 'x-x'],
    ['{{#if lead.age}}yes{{else}}no{{/if}}', 'yes'],
    ['{{#if lead.opted_in}}yes{{else}}no{{/if}}', 'no'],
    ['{{#if lead.zero}}yes{{/if}}', ''],
    ['{{#if lead.none}}yes{{else}}no{{/if}}', 'no'],
    ['{{#if lead.none}}a{{else if lead.missing}}b{{else if lead.tags}}c{{else}}d{{/if}}', 'c'],
    ['{{#unless lead.missing}}none{{else}}some{{/unless}}', 'none'],
    ['{{^if lead.missing}}none{{/if}}', 'none'],
    ['{{#each lead.tags}}{{@index}}{{this}}{{#unless @last}},{{/unless}}{{/each}}', '0a,1b'],
    ['{{#each lead.none}}x{{else}}none{{/each}}', 'none'],
    ['{{#each lead.age}}x{{else}}none{{/each}}', 'none'],
    [
      '{{#each lead.cars}}{{make}}:{{#each doors}}{{this}}{{../make}}{{../../price}}{{/each}};{{/each}}',
      'VW:2VW1.54VW1.5;BMW:;',
    ],
    [
      '{{#each lead.cars as |car i|}}{{i}}{{car.make}}{{#each car.doors as |d|}}{{d}}{{i}}{{/each}}{{/each}}',
      '0VW20401BMW',
    ],
    ['{{#each lead.cars}}{{#if make}}{{make}}{{@root.lead.age}}{{/if}}{{/each}}', 'VW30BMW30'],
    ['{{#each lead.cars}}{{price}}{{../price}}{{#each doors}}{{@../index}}{{/each}}{{/each}}', '1.5001.5'],
    ['{{#each lead.home}}{{@key}}={{this}} {{/each}}', 'own=true years= '],
    ['{{../price}}|{{@index}}|', '||'],
    ['{{uppercase (lowercase lead.first_name)}}!', 'ANN!'],
    ['{{#if (lowercase lead.first_name)}}x{{/if}}', 'x'],
    ['{{uppercase "a[0] {1} }} b"}}!', 'A[0] {1} }} B!'],
    ["{{uppercase 'it\\'s'}}!", "IT'S!"],
    ['{{uppercase 12.5}}{{uppercase true}}{{uppercase null}}', '12.5TRUE'],
    ['{{lead.constructor}}{{lead.__proto__}}{{constructor.name}}.', '.'],
    ['é{{lead.tags.0}}\n{{lead.tags[1]}}', 'éa\nb'],
  ];
  it.each(cases)('%s', (source, text) => {
    expect(compiled(source).render(vars, ctx)).toBe(text);
  });
});

describe('variables a template reads', () => {
  const cases: [string, string[]][] = [
    ['plain', []],
    ['{{lead.tags[0]}}', ['lead.tags.0']],
    ['{{a}}{{a}} {{uppercase b.c}}', ['a', 'b.c']],
    ['{{#each lead.cars}}{{make}}{{../price}}{{@root.lead.age}}{{/each}}', ['lead.cars', 'price', 'lead.age']],
  ];
  it.each(cases)('%s', (source, variables) => {
    expect(compiled(source).variables).toEqual(variables);
  });
});

describe('a fault has a message, a place and a caret', () => {
  const cases: [string, string, number, number][] = [
    ['a {{lead.x', 'never closed', 1, 3],
    ['a\n {{#if x}}', 'ends inside a block', 2, 11],
    ['{{#if x}}\n{{/each}}', 'is closed by', 1, 4],
    ['x {{/if}}', 'not opened', 1, 3],
    ['{{else}}', 'outside of a block', 1, 1],
    ['{{lead..x}} ', 'such helper', 1, 3],
    ['{{}} ', 'too early', 1, 3],
    ['{{> part}}', 'Partials', 1, 1],
    ['{{#> part}}{{/part}}', 'Partials', 1, 1],
    ['{{* deco}} ', 'Decorators', 1, 1],
    ['{{#* inline "x"}}{{/inline}}', 'Decorators', 1, 1],
    ['a {{log lead}}', 'no such helper: the helpers are', 1, 5],
    ['a {{lead.items[0] x}}', 'no such helper', 1, 5],
    ['{{if x "a" "b"}}', 'is a block', 1, 3],
    ['{{#with x}}{{/with}}', 'no such block: the blocks are if, unless, each', 1, 1],
    ['{{#if}}{{/if}}', 'takes one value', 1, 1],
    ['{{uppercase a b}}', 'takes one value', 1, 1],
    ['{{{{raw}}}}{{{{/raw}}}}', 'Raw blocks', 1, 1],
    ['{{#each x}}{{@nope}}{{/each}}', 'no such loop variable', 1, 14],
    ['é\r\n\t{{lead.tags[0]b}}', 'Write a dot', 2, 9],
    ['{{a}} {{\ue001}}', 'private-use', 1, 9],
    ['{{lead..x}}', 'empty part', 1, 3],
  ];
  it.each(cases)('%j', (source, message, line, column) => {
    const template = compileTemplate(source);
    expect(template).toMatchObject({ ok: false, error: { line, column, message: expect.stringContaining(message) } });
    const snippet = template.ok ? '' : template.error.snippet;
    expect(snippet).toMatch(/\n *\^$/);
  });

  it('has its place also before a line break that begins the template', () => {
    const template = compileTemplate('\n\0{{md5 lead.email}}');
    expect(template).toMatchObject({ ok: false, error: { line: 1, column: 1, snippet: '\n^' } });
  });

  it('shows the part of a long line around the place', () => {
    const template = compileTemplate(`${'x'.repeat(500)}{{> p}}${'y'.repeat(500)}`);
    expect(template).toMatchObject({ error: { line: 1, column: 501 } });
    const [shown = '', caret = ''] = template.ok ? [] : template.error.snippet.split('\n');
    expect(shown.length).toBe(80);
    expect(shown.slice(caret.length - 1)).toMatch(/^\{\{> p\}\}/);
  });
});

describe('bounds', () => {
  const refused: [string, string][] = [
    ['characters', `{{a}}${'x'.repeat(65_536)}`],
    ['tags', '{{a}}'.repeat(1_001)],
    ['blocks', `${'{{#if a}}'.repeat(101)}${'{{/if}}'.repeat(101)}`],
    ['helpers', `{{uppercase ${'(uppercase '.repeat(900)}a${')'.repeat(900)}}}`],
    ['parentheses', `{{uppercase ${'('.repeat(5_000)}`],
  ];
  it.each(refused)('too many %s are refused', (_, source) => {
    expect(compileTemplate(source).ok).toBe(false);
  });

  it('the work of one evaluation ends, and its result is the empty text', () => {
    const wide = { list: new Array(101).fill(0) };
    const squared = compiled('{{#each list}}{{#each ../list}}x{{/each}}{{/each}}');
    expect(squared.render(wide, ctx)).toBe('');
    expect(squared.render({ list: [1, 2] }, ctx)).toBe('xxxx');
    expect(compiled('a{{#each list}}{{/each}}').render({ list: new Array(1e6).fill(0) }, ctx)).toBe('');
  });

  it('long texts are work too', () => {
    const template = compiled('{{#each list}}{{uppercase @root.text}}{{/each}}');
    const long = { list: new Array(5_000).fill(0), text: 'x'.repeat(1_000_000) };
    expect(cpuRatioOnce(() => expect(template.render(long, ctx)).toBe(''))).toBeLessThan(250);
  });

  it('one text of a megabyte is written whole', () => {
    expect(compiled('<{{text}}>').render({ text: 'x'.repeat(1_000_000) }, ctx)).toHaveLength(1_000_002);
  });
});

describe('evaluation never throws', () => {
  const sources = [
    '{{a}}',
    '{{a.b}}',
    '{{a}} {{a.b}} {{a.0}} {{a.normal}}',
    '{{#each a}}{{this}}{{@key}}{{b}}{{../a}}{{/each}}',
    '{{format a format="MM/DD/YYYY HH:mm:ss z" operator="add" days=a timezone=a locale=a}}',
    '{{format a format="$0,0.0[00]a%"}}{{format a format=a}}{{format a dataType="Number"}}',
    '{{replace a pattern=a replace=a}}{{extract a pattern=a}}{{substring a start=a end=a}}',
    '{{math a}}{{math "max(a, a.b) ^ a! || roundTo(a, a)" format=a}}{{sha1 a a salt=a encoding=a}}',
    '{{#if a}}{{uppercase a}}{{else}}{{lowercase a.b}}{{/if}}',
  ].map(compiled);
  const anything = fc.anything({
    withBoxedValues: true,
    withDate: true,
    withNullPrototype: true,
    withObjectString: true,
    withBigInt: true,
    withSparseArray: true,
    withTypedArray: true,
    withMap: true,
    key: fc.oneof(
      fc.string(),
      fc.constantFrom('a', 'b', '0', 'toString', 'valueOf', '__proto__', 'constructor', 'raw'),
    ),
  });

  it('on any variables', () => {
    fc.assert(
      fc.property(anything, (a) => {
        for (const template of sources) {
          template.evaluate({ a }, ctx);
          expect(typeof template.render({ a }, ctx)).toBe('string');
        }
      }),
    );
  });

  it('and compiling never throws on any source', () => {
    const piece = fc.constantFrom(
      '{{',
      '}}',
      '{',
      '}',
      '#if ',
      '/if',
      'a',
      '.',
      '[',
      ']',
      '"',
      "'",
      '(',
      ')',
      '=',
      ' ',
      '\\',
      '|',
      '!',
      '--',
      '~',
      '^',
      'else',
      '0',
      '\n',
      '@',
      '/',
      'uppercase ',
      '\u0000',
      '\ud800',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 24 }), (pieces) => {
        const template = compileTemplate(pieces.join(''));
        if (template.ok) template.value.render(vars, ctx);
        else expect(template.error.line).toBeGreaterThan(0);
      }),
      { numRuns: 2_000 },
    );
  });
});

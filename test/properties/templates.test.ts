import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Vars } from '../../src/model/vars.ts';
import { compileTemplate } from '../../src/templates/compile-template.ts';

/**
 * Templates as trees, written as text for `compileTemplate` and evaluated once more by a plain interpreter that knows
 * nothing of it (spec behaviour 5.6). Line breaks are left out: Handlebars takes those away that stand with a block
 * alone on a line, which is its parser's business.
 */
type Value =
  | { kind: 'variable'; name: string }
  | { kind: 'case'; helper: 'lowercase' | 'uppercase'; of: Value }
  | { kind: 'substring'; of: Value; start: number; end: number | undefined }
  | { kind: 'replace'; of: Value; pattern: string; replacement: string };

type Piece =
  | { kind: 'text'; text: string }
  | { kind: 'value'; value: Value }
  | { kind: 'if'; condition: Value; yes: Piece[]; no: Piece[] | undefined }
  | { kind: 'each'; list: string; body: Piece[] };

const CTX = { now: 0, timeZone: 'UTC', random: () => 0.5 };
const NAMES = ['first', 'last', 'count', 'tags', 'none'];

function source(pieces: readonly Piece[]): string {
  return pieces.map(writeSource).join('');
}

function writeSource(piece: Piece): string {
  if (piece.kind === 'text') return piece.text;
  if (piece.kind === 'value') return `{{${inner(piece.value)}}}`;
  if (piece.kind === 'each') return `{{#each @root.lead.${piece.list}}}${source(piece.body)}<{{this}}>{{/each}}`;
  const otherwise = piece.no ? `{{else}}${source(piece.no)}` : '';
  return `{{#if ${argument(piece.condition)}}}${source(piece.yes)}${otherwise}{{/if}}`;
}

function inner(value: Value): string {
  switch (value.kind) {
    case 'variable':
      return `@root.lead.${value.name}`;
    case 'case':
      return `${value.helper} ${argument(value.of)}`;
    case 'substring':
      return `substring ${argument(value.of)} start=${value.start}${value.end === undefined ? '' : ` end=${value.end}`}`;
    case 'replace':
      return `replace ${argument(value.of)} pattern="${value.pattern}" replace="${value.replacement}"`;
  }
}

function argument(value: Value): string {
  return value.kind === 'variable' ? inner(value) : `(${inner(value)})`;
}

function interpret(pieces: readonly Piece[], lead: Vars): string {
  return pieces.map((piece) => toldPiece(piece, lead)).join('');
}

function toldPiece(piece: Piece, lead: Vars): string {
  if (piece.kind === 'text') return piece.text;
  if (piece.kind === 'value') return shown(resolved(piece.value, lead));
  if (piece.kind === 'each') {
    const list = lead[piece.list];
    return Array.isArray(list) ? list.map((member) => `${interpret(piece.body, lead)}<${shown(member)}>`).join('') : '';
  }
  const condition = resolved(piece.condition, lead);
  const isTrue = Array.isArray(condition) ? condition.length > 0 : Boolean(condition);
  return interpret(isTrue ? piece.yes : (piece.no ?? []), lead);
}

function resolved(value: Value, lead: Vars): unknown {
  if (value.kind === 'variable') return lead[value.name];
  const text = shown(resolved(value.of, lead));
  if (value.kind === 'case') return value.helper === 'lowercase' ? text.toLowerCase() : text.toUpperCase();
  if (value.kind === 'replace') return text.replaceAll(value.pattern, () => value.replacement);
  // From 1, both ends included; to the end without one.
  const characters = [...Array(text.length).keys()].filter(
    (at) => at + 1 >= value.start && at + 1 <= (value.end ?? text.length),
  );
  return characters.map((at) => text[at]).join('');
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map(shown).join(',');
  return value === undefined || value === null ? '' : String(value);
}

const { pieces } = fc.letrec<{ value: Value; piece: Piece; pieces: Piece[] }>((tie) => ({
  value: fc.oneof(
    { depthIdentifier: 'values', maxDepth: 3 },
    fc.record({ kind: fc.constant('variable' as const), name: fc.constantFrom(...NAMES) }),
    fc.record({
      kind: fc.constant('case' as const),
      helper: fc.constantFrom('lowercase', 'uppercase'),
      of: tie('value'),
    }),
    fc.record({
      kind: fc.constant('substring' as const),
      of: tie('value'),
      start: fc.integer({ min: 1, max: 6 }),
      end: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
    }),
    fc.record({
      kind: fc.constant('replace' as const),
      of: tie('value'),
      pattern: fc.constantFrom('a', ' ', 'Ad', '.', '-', '(x)'),
      replacement: fc.constantFrom('', 'b', '$1', '$&', 'aa'),
    }),
  ),
  piece: fc.oneof(
    { depthIdentifier: 'pieces', maxDepth: 3 },
    fc.record({ kind: fc.constant('text' as const), text: fc.constantFrom('Dear ', ', ', ' }', 'ä', '$1') }),
    fc.record({ kind: fc.constant('value' as const), value: tie('value') }),
    fc.record({
      kind: fc.constant('if' as const),
      condition: tie('value'),
      yes: tie('pieces'),
      no: fc.option(tie('pieces'), { nil: undefined }),
    }),
    fc.record({ kind: fc.constant('each' as const), list: fc.constantFrom(...NAMES), body: tie('pieces') }),
  ),
  pieces: fc.array(tie('piece'), { maxLength: 4 }),
}));

const text = fc.oneof(fc.constantFrom('Ada', 'a-b (x) c.', 'İß', ' ', ''), fc.string({ maxLength: 8 }));
const lead: fc.Arbitrary<Vars> = fc.record({
  first: text,
  last: fc.oneof(text, fc.constantFrom(null, undefined)),
  count: fc.oneof(fc.integer(), fc.boolean()),
  tags: fc.array(text, { maxLength: 3 }),
});

describe('templates', () => {
  it('compiled and run write what a plain interpreter of their tree writes', () => {
    fc.assert(
      fc.property(pieces, lead, (tree, values) => {
        const template = compileTemplate(source(tree));
        if (!template.ok) throw new Error(template.error.message);
        expect(template.value.render({ lead: values }, CTX)).toBe(interpret(tree, values));
      }),
      { numRuns: 1_500 },
    );
  });
});

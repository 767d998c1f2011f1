import type { EvaluationContext, Vars } from '../../../src/model/vars.ts';
import { compileTemplate } from '../../../src/templates/compile-template.ts';
import { prepareHashes } from '../../../src/templates/hash-helpers.ts';
import { textOf } from '../../../src/variables/rich-value.ts';
import type { Random } from '../random.ts';
import { type FuzzTarget, kindOfMessage, magnitude, mustHold } from '../target.ts';
import { HOSTILE_LEAD } from './hostile-lead.ts';

await prepareHashes();

const VARS: Vars = HOSTILE_LEAD;
const CTX: EvaluationContext = { now: 1_500_000_000_000, timeZone: 'America/Chicago', random: () => 0.5 };

const PATHS = [
  'lead.first_name',
  'lead.phone_1.area',
  'lead.born',
  'lead.age',
  'lead.tags',
  'lead.tags.0',
  'lead.items[1].price',
  'lead.none',
  'lead.text',
  'lead.__proto__',
  'lead.constructor.name',
  "lead.'a b'",
  'lead.data{123}',
  'this',
  '@index',
  '@root.lead.age',
  '../lead.age',
  '"text"',
  '12',
  'true',
  'null',
] as const;

const NAMED = [
  'format="MM/DD/YYYY"',
  'format="0,0.[00]"',
  'format="$0a"',
  'format="dddd [at] LT z"',
  'timezone="America/Chicago"',
  'timezone=lead.first_name',
  'locale="de"',
  'dataType="Number"',
  'operator="subtract" days="7"',
  'operator="add" years=lead.age',
  'start=2 end=4',
  'pattern="regexp(\\D)" replace="$1-$&"',
  'pattern="#(\\w+)"',
  'pattern="(a|b)*c?" replace=lead.text',
  'pattern=lead.text',
  'salt="pepper" encoding="base64"',
] as const;
const HELPERS = [
  'format',
  'lowercase',
  'uppercase',
  'substring',
  'replace',
  'extract',
  'math',
  'md5',
  'sha512',
  'ripemd',
] as const;
const MATHS = [
  'lead.age * 2',
  '1 / 0',
  '2 ^ 3 ^ 2',
  'max(1, [2, 3])',
  '5!',
  'lead.age > 3 ? 1 : 0',
  'random(6)',
  'not true or 1 == 2',
  '(1',
] as const;

function value(random: Random, depth: number): string {
  if (depth > 0 && random.oneIn(3)) return `(${call(random, depth - 1)})`;
  return random.pick(PATHS);
}

function call(random: Random, depth: number): string {
  const helper = random.pick(HELPERS);
  if (helper === 'math' && !random.oneIn(4)) return `math "${random.pick(MATHS)}"`;
  return [helper, value(random, depth), ...(random.oneIn(3) ? [] : [random.pick(NAMED)])].join(' ');
}

function piece(random: Random, depth: number): string {
  const kind = random.below(depth > 0 ? 6 : 4);
  if (kind === 0) return random.pick(['text ', 'ä, ', '\n', ' } ', '\\{{x}}', '{{! note }}', '{{!-- {{x}} --}}']);
  if (kind === 1) return `{{${random.oneIn(4) ? '~' : ''}${random.pick(PATHS)}}}`;
  if (kind <= 3) return `{{${call(random, 2)}}}`;
  const block = random.pick(['if', 'unless', 'each']);
  const names = block === 'each' && random.oneIn(3) ? ' as |member key|' : '';
  const otherwise = random.oneIn(2) ? `{{else}}${pieces(random, depth - 1)}` : '';
  return `{{#${block} ${value(random, 1)}${names}}}${pieces(random, depth - 1)}${otherwise}{{/${block}}}`;
}

function pieces(random: Random, depth: number): string {
  return Array.from({ length: 1 + random.below(3) }, () => piece(random, depth)).join('');
}

/** Templates: compiled as at a deploy and evaluated on a lead with values of every kind. */
export const templates: FuzzTarget = {
  name: 'templates',
  tokens: [
    '{{',
    '}}',
    '{{#if ',
    '{{#each ',
    '{{else}}',
    '{{/if}}',
    '{{/each}}',
    '(',
    ')',
    '|',
    '~',
    '../',
    '@',
    '=',
    '[',
    ']',
    ...PATHS,
    ...NAMED,
    ...HELPERS,
  ],
  generate: (random) => pieces(random, 3),
  run(input) {
    const compiled = compileTemplate(input);
    if (!compiled.ok) {
      const { message, line, column } = compiled.error;
      mustHold(line >= 1 && column >= 1 && message !== '', 'an error has a place and a sentence');
      return `error ${kindOfMessage(message)}`;
    }
    const template = compiled.value;
    const evaluated = template.evaluate(VARS, CTX);
    const rendered = template.render(VARS, CTX);
    mustHold(typeof rendered === 'string', 'a rendered template is a text');
    // `now` and `random` stand still, so there is no reason to differ.
    mustHold(textOf(template.evaluate(VARS, CTX)) === textOf(evaluated), 'the same lead gives the same value');
    if (template.kind === 'literal') mustHold(rendered === input, 'a template without a tag is its own text');
    return [template.kind, typeof evaluated, magnitude(rendered.length), magnitude(template.variables.length)].join(
      ' ',
    );
  },
};

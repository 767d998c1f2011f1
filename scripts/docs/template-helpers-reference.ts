import { compileTemplate } from '../../src/templates/compile-template.ts';
import { prepareHashes } from '../../src/templates/hash-helpers.ts';
import type { TemplateHelper } from '../../src/templates/template-helper.ts';
import { TEMPLATE_HELPERS } from '../../src/templates/template-helpers.ts';
import { code, generatedPage, table } from './markdown.ts';

const VARS = {
  lead: {
    first_name: 'Michael',
    email: 'Ann@Example.com',
    phone_1: '512-789-1111',
    dob: '1980-06-24',
    amount: 1234.5,
    comments: '#solar today, #roof next week',
    tags: ['a', 'b'],
  },
};
const CONTEXT = { now: Date.parse('2026-11-20T12:00:00.000Z'), timeZone: 'America/New_York', random: () => 0 };

interface HelperPage {
  takes: string;
  examples: readonly string[];
}

/** What the table of helpers does not say. */
const PAGES: Readonly<Record<string, HelperPage>> = {
  format: {
    takes:
      'A date or a number by `format` (Moment.js or Numeral.js patterns), `timezone` (default UTC), `locale` (default en-US); `operator="add"` or `"subtract"` with `days`, `months` …; `dataType="Number"` or `"String"`.',
    examples: [
      'lead.dob format="MM/DD/YYYY"',
      'lead.dob format="D MMMM YYYY" operator="add" years=18',
      'lead.amount format="$0,0.00"',
    ],
  },
  lowercase: { takes: 'A text in lower case.', examples: ['lead.email'] },
  uppercase: { takes: 'A text in upper case.', examples: ['lead.first_name'] },
  substring: {
    takes: 'The characters from `start` to `end`, counted from 1, both included.',
    examples: ['lead.first_name start=2 end=4'],
  },
  replace: {
    takes: 'Every occurrence of `pattern` by `replace`; `pattern="regexp(…)"` is a regular expression.',
    examples: ['lead.phone_1 pattern="-" replace=""', 'lead.phone_1 pattern="regexp(\\D)" replace="."'],
  },
  extract: {
    takes: 'The groups, or else the matches, of a regular expression, joined with spaces.',
    examples: ['lead.comments pattern="#(\\w+)"'],
  },
  math: {
    takes:
      'The value of an expression: `+ - * / % ^`, comparisons, `? :`, functions such as `round`, `floor`, `max`, variables by their paths; takes `format` and `dataType` too.',
    examples: ['"lead.amount * 0.8" format="$0.00"', '"max(lead.amount, 2000)"'],
  },
};

/** `docs/reference/template-helpers.md`. */
export async function templateHelpersReference(): Promise<string> {
  await prepareHashes();
  const digests = TEMPLATE_HELPERS.filter(({ name }) => !PAGES[name]);
  const sections = TEMPLATE_HELPERS.filter(({ name }) => PAGES[name]).map(helperSection);
  const plain = [
    '{{lead.first_name}}',
    '{{#if lead.email}}has email{{else}}none{{/if}}',
    '{{#each lead.tags}}{{this}};{{/each}}',
  ];
  const introduction =
    'A template is text with tags: `Hello {{lead.first_name}}`. A template that is one variable alone gives the variable’s value with its type; anything else gives a text. Missing variables are empty. Nothing is escaped for HTML.';
  const body = [
    resultTable(plain),
    'Blocks are `{{#if}}`, `{{#unless}}` and `{{#each}}`; helpers may be nested in parentheses. A wrong pattern, zone or expression is told when the flow is saved.',
    ...sections,
    digestSection(digests),
    `The examples run on 20 November 2026 with these variables:\n\n\`\`\`json\n${JSON.stringify(VARS, null, 2)}\n\`\`\``,
  ];
  return generatedPage('Templates', {
    from: 'src/templates/template-helpers.ts',
    introduction,
    body: body.join('\n\n'),
  });
}

function helperSection({ name, valuesMin, valuesMax }: TemplateHelper): string {
  const { takes, examples } = PAGES[name] ?? { takes: '', examples: [] };
  const count = valuesMin === valuesMax ? `${valuesMin}` : `${valuesMin} to ${valuesMax}`;
  return `## ${name}\n\n${takes} Values: ${count}.\n\n${resultTable(examples.map((example) => `{{${name} ${example}}}`))}`;
}

function digestSection(digests: readonly TemplateHelper[]): string {
  const takes =
    'The digest of the values (1 to 32) joined without anything between, then of `salt`. `encoding` is `hex` (default), `base64` or `latin1`. Of nothing there is no digest.';
  return `## Digests\n\n${takes}\n\n${resultTable(digests.map(({ name }) => `{{${name} lead.email}}`))}`;
}

function resultTable(sources: readonly string[]): string {
  return table(
    ['Template', 'Gives'],
    sources.map((source) => [code(source), result(source)]),
  );
}

function result(source: string): string {
  const template = compileTemplate(source);
  if (!template.ok) throw new Error(`an example of the reference is wrong: ${source}: ${template.error.message}`);
  return code(template.value.render(VARS, CONTEXT));
}

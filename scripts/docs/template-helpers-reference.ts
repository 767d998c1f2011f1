import { compileTemplate } from '../../src/templates/compile-template.ts';
import { prepareHashes } from '../../src/templates/hash-helpers.ts';
import { DATE_TOKENS } from '../../src/templates/moment-format.ts';
import type { TemplateHelper } from '../../src/templates/template-helper.ts';
import { TEMPLATE_HELPERS } from '../../src/templates/template-helpers.ts';
import { code, generatedPage, table } from './markdown.ts';

const VARS = {
  submission: { timestamp: '2026-11-20T15:04:05.067Z' },
  lead: {
    first_name: 'Michael',
    full_name: 'Dr. Ann van der Berg',
    email: 'Ann@Example.com',
    phone_1: '512-789-1111',
    dob: '1980-06-24',
    amount: 1234.5,
    comments: '#solar today, #roof next week',
    raw_request: '{"q3_name":{"first":"Ana"},"q5":["roof","windows"]}',
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
      'submission.timestamp operator="subtract" days=7',
      'submission.timestamp format="dddd, D MMMM" timezone="America/New_York"',
      'submission.timestamp format="LLLL" locale="de"',
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
  name_part: {
    takes:
      'One part of a full name: `salutation`, `first_name`, `middle_name`, `last_name` or `suffix`. A helper of ours.',
    examples: ['lead.full_name part="first_name"', 'lead.full_name part="last_name"'],
  },
  json: {
    takes:
      'A value by its `path` inside a text that is JSON, as Jotform’s `rawRequest` and Unbounce’s `data.json` are; without a path the whole, for `{{#each (json …)}}`. A helper of ours.',
    examples: ['lead.raw_request path="q3_name.first"', 'lead.raw_request path="q5.1"'],
  },
  math: {
    takes:
      'The value of an expression: `+ - * / % ^`, comparisons, `? :`, functions such as `round`, `floor`, `max`, variables by their paths; takes `format` and `dataType` too.',
    examples: ['"lead.amount * 0.8" format="$0.00"', '"max(lead.amount, 2000)"'],
  },
};

/** What each is for is plain from what it gives. */
const NUMBER_PATTERNS: readonly [number: string, pattern: string][] = [
  ['1234.5', '0'],
  ['1234.5', '0,0'],
  ['1234.5', '0,0.00'],
  ['1234.5', '0.0[00]'],
  ['1234', '0[.]00'],
  ['0.25', '.00'],
  ['7', '000'],
  ['1234.5', '$0,0.00'],
  ['1234.5', '0,0.00 USD'],
  ['-1234.5', '(0,0)'],
  ['1234.5', '+0,0'],
  ['0.256', '0.[00]%'],
  ['0.0345', '0 BPS'],
  ['23', '0o'],
  ['1234567', '0.0a'],
  ['1234567', '0 ak'],
  ['7884486213', '0.00b'],
  ['2048', '0 ib'],
  ['12398734', '0.00e+0'],
  ['63846', '00:00:00'],
];

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
    'Blocks are `{{#if}}`, `{{#unless}}` and `{{#each}}`; helpers may be nested in parentheses. A wrong pattern, zone or expression is reported when the flow is saved.',
    ...sections,
    dateSection(),
    numberSection(),
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

function dateSection(): string {
  const about =
    'The tokens of `format` for dates, at 15:04:05.067 UTC of 20 November 2026 in New York. Text in brackets is kept: `[at] HH`. `z` needs `timezone`. Localized forms, ordinals and first weekdays are known for English, German, Spanish and French; names are the platform’s in every language.';
  const rows = DATE_TOKENS.map((token) => {
    const inZone = (rest = '') =>
      result(`{{format submission.timestamp format="${token}" timezone="America/New_York"${rest}}}`);
    return [code(token), inZone(), inZone(' locale="de"')];
  });
  return `## Date tokens\n\n${about}\n\n${table(['Token', 'Gives', '`locale="de"`'], rows)}`;
}

function numberSection(): string {
  const about =
    'Patterns of `format` for numbers. Separators and ordinals follow `locale`; a currency sign stays the one that is written.';
  const rows = NUMBER_PATTERNS.map(([number, pattern]) => {
    const gives = (rest = '') => result(`{{format "${number}" format="${pattern}"${rest}}}`);
    return [code(pattern), code(number), gives(), gives(' locale="de"')];
  });
  return `## Number patterns\n\n${about}\n\n${table(['Pattern', 'Of', 'Gives', '`locale="de"`'], rows)}`;
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

import { FIELD_TYPES } from '../../src/field-types/field-types.ts';
import { parseValue } from '../../src/field-types/parse-value.ts';
import { OPERATOR_NAMES, type OperatorName } from '../../src/model/operator.ts';
import { compileRuleSet } from '../../src/rules/compile-rule-set.ts';
import { operatorNamed } from '../../src/rules/operators.ts';
import { createRuleCatalogue } from '../../src/rules/rule-catalogue.ts';
import { code, generatedPage, table } from './markdown.ts';

const CONTEXT = { now: Date.parse('2026-11-20T12:00:00.000Z'), timeZone: 'UTC', random: () => 0 };

interface Example {
  type: (typeof FIELD_TYPES)[number]['name'];
  left: string;
  right?: string | string[];
}

/** Per operator; null: a negation, of which its positive says enough. What comes out is computed. */
const EXAMPLES: Record<OperatorName, readonly Example[] | null> = {
  'is equal to': [
    { type: 'string', left: 'Texas', right: 'texas' },
    { type: 'number', left: '1,000', right: '1000' },
    { type: 'string', left: '01234', right: '1234' },
  ],
  'is not equal to': null,
  'is less than': [{ type: 'number', left: '9', right: '10' }],
  'is less than or equal to': [{ type: 'number', left: '10', right: '10' }],
  'is greater than': [{ type: 'date', left: '2026-11-20', right: '2026-01-31' }],
  'is greater than or equal to': [{ type: 'number', left: '10', right: '10' }],
  'is between': [
    { type: 'number', left: '18', right: '18-65' },
    { type: 'number', left: '70', right: '18+' },
  ],
  'is not between': null,
  'is included in': [{ type: 'state', left: 'Texas', right: ['TX', 'CA'] }],
  'is not included in': null,
  includes: [{ type: 'string', left: 'call me tomorrow', right: 'tomorrow' }],
  'does not include': null,
  'matches pattern': [
    { type: 'string', left: 'ann@example.com', right: '*@example.com' },
    { type: 'string', left: 'AB-1234', right: '/^[A-Z]{2}-\\d+$/' },
  ],
  'does not match pattern': null,
  'is blank': [{ type: 'string', left: '' }],
  'is not blank': null,
  'is true': [{ type: 'boolean', left: 'yes' }],
  'is not true': null,
  'is false': [{ type: 'boolean', left: 'no' }],
  'is not false': null,
  'format is valid': [
    { type: 'phone', left: '512-789-1111' },
    { type: 'phone', left: 'none' },
  ],
  'format is invalid': [
    { type: 'phone', left: 'none' },
    { type: 'phone', left: '' },
  ],
  'is obscene': [{ type: 'string', left: 'a fine day' }],
  'is not obscene': null,
};

const RELATIVE_DATES = [
  '## Dates',
  'A date without a time is its first instant in UTC, on both sides and whatever the zone of the account, and so is a date in a text without an offset: a time is equal to `2026-11-20` at midnight UTC alone, and the whole of that day is between `2026-11-20` and `2026-11-20T23:59:59.999Z`. To compare days of another zone, write the left side as a template: `{{format submission.timestamp format="YYYY-MM-DD" timezone="America/Chicago"}}`.',
  'The last seven days are the right side of `is between`, to the millisecond or by whole days:',
  '```text\n{{format submission.timestamp operator="subtract" days="7"}}-{{submission.timestamp}}\n{{format submission.timestamp format="YYYY-MM-DD" operator="subtract" days="7"}}-{{format submission.timestamp format="YYYY-MM-DD"}}\n```',
  'Eighteen years or older is `lead.dob` `is less than or equal to` `{{format submission.timestamp format="YYYY-MM-DD" operator="subtract" years="18"}}`.',
].join('\n\n');

/** `docs/reference/operators.md`. */
export function operatorsReference(): string {
  const rows = OPERATOR_NAMES.map((name) => [name, rightSideOf(name), phraseOf(name), typesOffering(name)]);
  const examples = OPERATOR_NAMES.flatMap((name) => (EXAMPLES[name] ?? []).map((example) => exampleRow(name, example)));
  const body = [
    table(['Operator', 'Right side', 'In a reason', 'Offered for'], rows),
    '## Examples\n\nThe left side is read as the type first. Texts are equal as texts, without regard to case, so the ZIP code 01234 is not 1234; the comparisons and `is between` read digits as numbers, then as dates, then as times of day.',
    table(['Type', 'Left', 'Operator', 'Right', 'Passes?'], examples),
    RELATIVE_DATES,
  ].join('\n\n');
  const introduction =
    'A rule is `{"lhv": "lead.state", "op": "is equal to", "rhv": "TX"}`. The left side is a variable or a template, the right side a text, a number, a list or a template. A blank left side fails the positive operators and the comparisons and passes their negations.';
  return generatedPage('Rule operators', { from: 'src/rules/operators.ts', introduction, body });
}

function rightSideOf(name: OperatorName): string {
  return operatorNamed(name)?.arity === 'binary' ? 'yes' : 'no';
}

function phraseOf(name: OperatorName): string {
  return operatorNamed(name)?.phrase ?? '';
}

function typesOffering(name: OperatorName): string {
  return FIELD_TYPES.filter(({ operators }) => operators.includes(name))
    .map((type) => type.name)
    .join(', ');
}

function exampleRow(name: OperatorName, { type, left, right }: Example): string[] {
  const rule = { lhv: 'lead.value', op: name, ...(right === undefined ? {} : { rhv: right }) };
  const options = { path: '', labelOf: () => 'Value', catalogue: createRuleCatalogue(), problems: [] };
  const program = compileRuleSet({ op: 'and', rules: [rule] }, options);
  const value = left === '' ? undefined : parseValue(type, left, CONTEXT);
  const { passed } = program.evaluate({ lead: { value } }, CONTEXT);
  const shown = right === undefined ? '' : code(typeof right === 'string' ? right : JSON.stringify(right));
  return [type, left === '' ? 'nothing' : code(left), name, shown, passed ? 'yes' : 'no'];
}

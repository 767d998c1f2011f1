import type { PostingField, PostingPage, PostingRule } from '../posting-page.ts';
import { writeSampleSnippets } from '../sample-snippets.ts';

/** The page as Markdown, for repositories and for programs that read. */
export function writeMarkdown(page: PostingPage): string {
  const sections = [
    head(page),
    section('Submit URL', [fence(page.submit_url), 'This page is documentation: do not post to it.']),
    section('Authentication', [text(page.authentication.sentence)]),
    section('Headers', [
      table(
        ['Header', 'Value', 'Required', ''],
        page.headers.map((each) => [code(each.name), code(each.value), yesNo(each.required), text(each.sentence)]),
      ),
    ]),
    section('Time-outs and retries', [list(Object.values(page.advice).map(text))]),
    section('Parameters', parameters(page)),
    section('Rules', rules(page)),
    section('Limits', limits(page)),
    section('Sample', sample(page)),
    section('Answers', answers(page)),
    ...(page.ping ? [section('Pings', [fence(page.ping.url), list(page.ping.sentences.map(text))])] : []),
    ...(page.redirect ? [section('Redirects', redirects(page.redirect))] : []),
    ...(page.feedback ? [section('Feedback', [text(page.feedback.sentence)])] : []),
    ...(page.changes.length === 0
      ? []
      : [
          section('What changed', [
            list(page.changes.map(({ at, sentence }) => `${at.slice(0, 10)}: ${text(sentence)}`)),
          ]),
        ]),
  ];
  return `${sections.join('\n\n')}\n`;
}

function head({ account, flow, source, state, contact, updated_at: updatedAt }: PostingPage): string {
  return [
    `# Posting leads: ${text(source.name)}`,
    `${text(account.name)}, ${text(flow.name)}. **${state.kind.toUpperCase()}**: ${text(state.sentence)}`,
    ...(contact === null ? [] : [`Questions: ${text(contact)}`]),
    `Last changed: ${updatedAt}`,
  ].join('\n\n');
}

function section(title: string, parts: readonly string[]): string {
  return [`## ${title}`, ...parts.filter((part) => part !== '')].join('\n\n');
}

function parameters({ fields, names, other_parameters: others }: PostingPage): string[] {
  return [
    table(['Parameter', 'Label', 'Type', 'Required', 'Values', 'Examples', ''], fields.map(parameterRow)),
    text(names.sentence),
    text(others),
  ];
}

function parameterRow(field: PostingField): string[] {
  const { allowed_values: allowed, allowed_count: count, required_when: when, needed_at_ping: atPing } = field;
  const shown = allowed?.slice(0, VALUES_MAX).map(code).join(', ') ?? '';
  const more = count > VALUES_MAX ? ` and ${count - VALUES_MAX} more` : '';
  const notes = [
    field.format,
    field.hint,
    field.max_length === null ? null : `At most ${field.max_length} characters.`,
    atPing ? 'Needed at the ping.' : null,
    field.is_masked ? 'Never stored.' : null,
  ].filter((note) => note !== null);
  return [
    code(field.name),
    text(field.label),
    text(field.type),
    when === null ? field.required : text(when),
    shown + more,
    field.examples.map(code).join(', '),
    text(notes.join(' ')),
  ];
}

/** Values of one cell; the JSON has all. */
const VALUES_MAX = 50;

function rules({ rules: { rules: all, hidden_count: hidden } }: PostingPage): string[] {
  return [
    all.length === 0 && hidden === 0 ? 'None.' : all.map((rule) => ruleLines(rule, '')).join('\n'),
    hidden === 0 ? '' : `${hidden} more ${hidden === 1 ? 'rule is' : 'rules are'} not shown.`,
  ];
}

function ruleLines(rule: PostingRule, indent: string): string {
  const line = `${indent}- ${text(rule.sentence)}`;
  return rule.kind === 'rule' ? line : [line, ...rule.rules.map((each) => ruleLines(each, `${indent}  `))].join('\n');
}

function limits({ limits: { hours, caps, body_bytes_max: bytes }, price }: PostingPage): string[] {
  const days = hours?.days.map(({ day, periods }) => {
    const open = periods.map(({ start, end }) => `${start} to ${end}`).join(', ');
    return [day, open === '' ? 'closed' : open];
  });
  return [
    ...(hours && days ? [`Hours (${text(hours.time_zone)}):`, table(['Day', 'Open'], days), text(hours.sentence)] : []),
    ...(caps ? [list(caps.map(({ sentence }) => text(sentence)))] : []),
    ...(price ? [list(price.prices.map(({ sentence }) => text(sentence))), text(price.sentence)] : []),
    `A body has at most ${bytes} bytes.`,
  ];
}

function sample(page: PostingPage): string[] {
  const { form, json, xml, query } = page.sample.bodies;
  const bodies = Object.entries({ Form: form, JSON: json, XML: xml, 'GET, the whole URL': query });
  return [
    ...bodies.flatMap(([name, body]) => [`### ${name}`, fence(body)]),
    ...writeSampleSnippets(page, 'json').flatMap(({ name, code: program }) => [`### ${name}`, fence(program)]),
  ];
}

function answers({ responses, response_members: members }: PostingPage): string[] {
  return [
    table(
      ['Member', 'Type', 'Always', 'Meaning'],
      members.map((each) => [code(each.name), each.type, yesNo(each.is_always_there), text(each.sentence)]),
    ),
    ...responses.flatMap(({ status, title, sentence, bodies }) => [
      `### ${status} ${text(title)}`,
      text(sentence),
      ...bodies.map(({ body }) => fence(body)),
    ]),
  ];
}

function redirects({ sentence, hosts, example }: NonNullable<PostingPage['redirect']>): string[] {
  return [text(sentence), hosts ? `Hosts: ${hosts.map(code).join(', ')}` : '', fence(example)];
}

function list(entries: readonly string[]): string {
  return entries.map((entry) => `- ${entry}`).join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function yesNo(is: boolean): string {
  return is ? 'yes' : 'no';
}

/** Names and values are the account's own: none of them may be markup, HTML among it, or begin a line. */
function text(written: string): string {
  return written.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>#&~]/g, '\\$&');
}

/** With more backquotes around it than it has in it. */
function code(written: string): string {
  const flat = written.replace(/\s+/g, ' ');
  const ticks = '`'.repeat(longestRun(flat) + 1);
  return flat === '' ? '' : ticks.length === 1 ? `\`${flat}\`` : `${ticks} ${flat} ${ticks}`;
}

function fence(written: string): string {
  const ticks = '`'.repeat(Math.max(3, longestRun(written) + 1));
  return `${ticks}\n${written}\n${ticks}`;
}

function longestRun(written: string): number {
  return Math.max(0, ...[...written.matchAll(/`+/g)].map(([run]) => run.length));
}

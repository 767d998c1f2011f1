import { formatColumn } from './column-words.ts';
import type { ReportPage } from './report-page.ts';
import type { ShownRow } from './shown-row.ts';

/** The page of a report as Markdown, for repositories and for programs that read. */
export function writeReportMarkdown(page: ReportPage): string {
  const { isEmpty, name, description, time, zone, countedUntil, endsAt, heads, rows, rowCount, total, columns } = page;
  const texts = heads.length - columns.length;
  const names = [...(texts === 0 ? ['Of'] : []), ...heads.map((head) => head.name)];
  const numbers = (row: ShownRow) => columns.map((column) => formatColumn(column, row.values[column] ?? null));
  const lines = [
    ...(texts === 0
      ? []
      : rows.map((row) => [...(row.part === null ? [] : [row.part]), ...row.groups, ...numbers(row)])),
    ...(total === null ? [] : [['**Total**', ...Array<string>(Math.max(0, texts - 1)).fill(''), ...numbers(total)]]),
  ];
  const rule = names.map((_, place) => (place >= names.length - columns.length ? '--:' : '---'));
  const facts = [
    `Time: ${time}, ${zone}`,
    `Counted until: ${countedUntil}`,
    ...(endsAt === null ? [] : [`This link ends: ${endsAt}`]),
  ];
  return `${[
    `# ${text(name)}`,
    ...(description === null ? [] : [text(description)]),
    facts.map((fact) => `- ${fact}`).join('\n'),
    ...(isEmpty
      ? ['Nothing was counted in this time.']
      : [
          [
            names.map(text),
            rule,
            ...lines.map((cells) => cells.map((cell) => (cell === '**Total**' ? cell : text(cell)))),
          ]
            .map((cells) => `| ${cells.join(' | ')} |`)
            .join('\n'),
        ]),
    ...(rowCount > rows.length
      ? [`These are the first ${rows.length} of ${rowCount} rows. The CSV has all of them.`]
      : []),
  ].join('\n\n')}\n`;
}

/** On one line, without what Markdown or HTML would read as more than text. */
function text(value: string): string {
  return value
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]#|<>&~!]/g, '\\$&');
}

/** A Markdown table. Cells are Markdown already; the bar that would end one is escaped. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(headings), `|${'---|'.repeat(headings.length)}`, ...rows.map(line)].join('\n');
}

export function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** The head of a generated page. */
export function generatedPage(title: string, options: { from: string; introduction: string; body: string }): string {
  const { from, introduction, body } = options;
  return `# ${title}\n\nGenerated from \`${from}\` by \`npm run docs\`. ${introduction}\n\n${body}\n`;
}

/** Replaces what stands between `<!-- generated: name -->` and `<!-- end: name -->`. */
export function withGenerated(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`the document lacks the markers ${start} and ${end}`);
  return `${text.slice(0, from + start.length)}\n${content}\n${text.slice(to)}`;
}

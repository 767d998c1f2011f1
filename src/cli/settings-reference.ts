import { SETTINGS, type Setting } from '../config.ts';

const WIDTH_MAX = 100;
const ROWS: readonly Setting<unknown>[] = Object.values(SETTINGS);

/** `.env.example`: every setting with its meaning, its default commented out. */
export function envExample(): string {
  const head = 'Settings of Sluice. Generated from src/config.ts by "npm run docs".';
  const blocks = ROWS.map((row) => {
    const allowed = `Must be ${row.kind}${row.unit === null ? '' : `, in ${row.unit}`}.`;
    return `${comment(row.doc)}\n${comment(allowed)}\n#${row.name}=${row.default}`;
  });
  return `${[comment(head), ...blocks].join('\n\n')}\n`;
}

/** `docs/reference/settings.md`. */
export function settingsReference(): string {
  const head =
    '# Settings\n\nGenerated from `src/config.ts` by `npm run docs`. Settings are environment variables, read once at start. ' +
    'The server refuses to start on a value that is not allowed and on a `SLUICE_` name that is not in this table; an empty value counts as not set.';
  const rows = ROWS.map((row) => {
    const fallback = row.default === '' ? 'not set' : `\`${row.default}\``;
    return `| \`${row.name}\` | ${fallback} | ${row.unit ?? ''} | ${row.kind} | ${row.doc} |`;
  });
  return `${head}\n\n| Name | Default | Unit | Allowed | Meaning |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
}

function comment(text: string): string {
  const lines: string[] = [];
  let line = '#';
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > WIDTH_MAX) {
      lines.push(line);
      line = '#';
    }
    line += ` ${word}`;
  }
  return [...lines, line].join('\n');
}

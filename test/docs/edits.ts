/** What a ```diff block of a document does to the file its fence names. */
export interface Edit {
  path: string;
  /** Adjoining lines as in a patch, marked with ` `, `-` or `+`. */
  lines: readonly string[];
}

/** The ```diff blocks of a Markdown text, in order. */
export function readEdits(markdown: string): Edit[] {
  return [...markdown.matchAll(/^```diff (\S+)\n([\s\S]*?)\n```$/gm)].map(([, path = '', body = '']) => ({
    path,
    lines: body.split('\n'),
  }));
}

/** The text with the edit made. Throws where its old lines are not in the text exactly once. */
export function withEdit(text: string, { path, lines }: Edit): string {
  const [before = '', after, ...others] = text.split(linesBut('+', lines));
  if (after === undefined || others.length > 0)
    throw new Error(`${path} does not have these lines once:\n${lines.join('\n')}`);
  return `${before}${linesBut('-', lines)}${after}`;
}

function linesBut(mark: string, lines: readonly string[]): string {
  const kept = lines.filter((line) => !line.startsWith(mark)).map((line) => line.slice(1));
  return `\n${kept.join('\n')}\n`;
}

/** A page of a package's documentation: the keys at its head, and the text. */
export interface DocumentationPage {
  keys: Readonly<Record<string, string>>;
  body: string;
}

const BOUNDARY = /^---\s*$/;
const KEY = /^([a-z_]+):[ \t]*(.*)$/;

/**
 * Reads the front matter of a Markdown page: lines `key: text` between two lines of three dashes (spec modules a1). Of
 * YAML only plain and quoted texts on one line count, which is all that published packages use.
 */
export function readFrontMatter(page: string): DocumentationPage {
  const lines = page.replace(/^\uFEFF/, '').split(/\r?\n/);
  const end = BOUNDARY.test(lines[0] ?? '') ? lines.findIndex((line, index) => index > 0 && BOUNDARY.test(line)) : -1;
  if (end === -1) return { keys: {}, body: page.trim() };
  const keys: Record<string, string> = Object.create(null);
  for (const line of lines.slice(1, end)) {
    const [, name, text = ''] = KEY.exec(line) ?? [];
    if (name !== undefined) keys[name] = unquoted(text.trim());
  }
  return {
    keys,
    body: lines
      .slice(end + 1)
      .join('\n')
      .trim(),
  };
}

function unquoted(text: string): string {
  const [, inner] = /^"(.*)"$/.exec(text) ?? /^'(.*)'$/.exec(text) ?? [];
  return inner ?? text;
}

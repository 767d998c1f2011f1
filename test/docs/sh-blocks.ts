/** A ```sh block of a document, with the block of expected output that follows it, if any. */
export interface ShBlock {
  line: number;
  script: string;
  /** null: any output will do, as long as the commands succeed. */
  expected: string | null;
  /** Why it is not run; null: it is. */
  notRun: string | null;
}

const NOT_RUN = /^<!-- not run: (.+) -->$/;
const OUTPUTS = ['text', 'json', 'xml'];

/** The ```sh blocks of a Markdown text, in order. */
export function shBlocks(markdown: string): ShBlock[] {
  const fences = listFences(markdown.split('\n'));
  return fences.flatMap((fence, index) => {
    if (fence.language !== 'sh') return [];
    const next = fences[index + 1];
    const expected = next && OUTPUTS.includes(next.language) && next.isCloseTo(fence.end) ? next.body : null;
    return [{ line: fence.start + 1, script: fence.body, expected, notRun: NOT_RUN.exec(fence.before)?.[1] ?? null }];
  });
}

interface Fence {
  language: string;
  start: number;
  end: number;
  before: string;
  body: string;
  /** Does nothing but blank lines stand between? */
  isCloseTo(end: number): boolean;
}

function listFences(lines: readonly string[]): Fence[] {
  const fences: Fence[] = [];
  for (let start = 0; start < lines.length; start += 1) {
    const language = /^```(\w+)$/.exec(lines[start] ?? '')?.[1];
    if (language === undefined) continue;
    const end = lines.indexOf('```', start);
    if (end === -1) throw new Error(`the block that begins in line ${start + 1} has no end`);
    const opensAt = start;
    fences.push({
      language,
      start,
      end,
      before: lines[start - 1] ?? '',
      body: lines.slice(start + 1, end).join('\n'),
      isCloseTo: (previous) => lines.slice(previous + 1, opensAt).every((line) => line.trim() === ''),
    });
    start = end;
  }
  return fences;
}

/** Ids of leads, times and durations differ from run to run; ids that documents choose begin with 5fd0. */
export function comparable(output: string): string {
  return output
    .replace(/\b(?!5fd0)[0-9a-f]{24}\b/g, '<id>')
    .replace(/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?/g, '<time>')
    .replace(/\b\d+ ms\b/g, '<ms>')
    .replace(/[ \t]+$/gm, '')
    .trim();
}

/** Is this the output the document shows? `…` stands for anything, in a line or for whole lines. */
export function isAsShown(output: string, shown: string): boolean {
  const [first = '', ...others] = comparable(shown)
    .split('…')
    .map((part) => part.trim());
  const text = comparable(output);
  const last = others.pop();
  if (last === undefined) return text === first;
  let from = first.length;
  for (const part of others) {
    const found = text.indexOf(part, from);
    if (found === -1) return false;
    from = found + part.length;
  }
  return text.startsWith(first) && text.length - last.length >= from && text.endsWith(last);
}

/** Text of a page, as far as the documentation of this repository writes Markdown. */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'strong' | 'emphasis'; children: readonly Inline[] }
  | { kind: 'link'; target: string; children: readonly Inline[] };

export interface ListBlock {
  kind: 'list';
  /** The number that an ordered list begins with; null: it has no numbers. */
  start: number | null;
  items: readonly (readonly Block[])[];
}

export interface TableBlock {
  kind: 'table';
  columns: readonly (readonly Inline[])[];
  rows: readonly (readonly (readonly Inline[])[])[];
}

export interface HeadingBlock {
  kind: 'heading';
  level: number;
  children: readonly Inline[];
}

export type Block =
  | HeadingBlock
  | ListBlock
  | TableBlock
  | { kind: 'paragraph'; children: readonly Inline[] }
  | { kind: 'code'; language: string; text: string };

/** What is read of it, without marks. */
export function textOf(children: readonly Inline[]): string {
  return children.map((each) => ('children' in each ? textOf(each.children) : each.text)).join('');
}

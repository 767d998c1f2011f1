/** A recipient's answer, whatever notation it is in (spec modules c3). No method throws. */
export interface AnswerDocument {
  /** What is appended as it is; {} for text and HTML, of which only captures are appended. */
  appended: Record<string, unknown>;
  /** The values a search for the outcome looks at. */
  searchedAt(path: string): readonly unknown[];
  /** All matches of a reason or price selector. */
  select(selector: string): readonly unknown[];
  /** What is appended as `reference`; undefined, '' or an empty list when there is none. */
  reference(selector: string): unknown;
  /** What `capture.*` patterns pick from; undefined: they pick nothing from such an answer. */
  captured: string | undefined;
  /** A search for the outcome looks at all of it whatever its path says. */
  ignoresPath?: boolean;
  /** What is wrong with the answer, always reported: "says X and is not X". undefined: nothing. */
  fault?: string;
  /** Why selectors may find nothing in it although it can be read; reported when one finds nothing. */
  hint?: string;
}

/**
 * A fault of a document, for the person who can correct it.
 * `path` is dotted (`steps.0.rule_set.rules.1.lhv`), `message` is a sentence that names the remedy.
 */
export interface Problem {
  path: string;
  message: string;
}

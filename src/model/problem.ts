/**
 * Something wrong with a document, told to the person who can mend it.
 * `path` is dotted (`steps.0.rule_set.rules.1.lhv`), `message` is a sentence that names the remedy.
 */
export interface Problem {
  path: string;
  message: string;
}

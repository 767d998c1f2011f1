/**
 * The parser of handlebars by itself: the package's main file also brings a compiler that generates code, which a
 * strict Content-Security-Policy refuses, and touches `node:fs`.
 */
declare module 'handlebars/dist/cjs/handlebars/compiler/base.js' {
  /** Throws an Error for a source that is no template. */
  export function parse(source: string): unknown;

  export const parser: {
    /** Setting it replaces how the parser reports a fault; it must throw. `token` is the name of what cannot stand here. */
    parseError: (message: string, fault: { token?: string }) => never;
    /** `yylloc` is where the token read last begins: a line from 1, a column from 0. */
    lexer: { yylloc?: { first_line: number; first_column: number } };
  };
}

import { parse, parser } from 'handlebars/dist/cjs/handlebars/compiler/base.js';
import { fail, ok, type Result } from '../lib/result.ts';
import type { PathSegment } from '../variables/property-path.ts';
import { prepareSource } from './prepare-source.ts';
import { computeOffset, type TemplateError, templateErrorAt } from './template-error.ts';
import type { ProgramNode } from './template-tree.ts';

export interface ParsedTemplate {
  program: ProgramNode;
  /** What the names in the tree that the parser could not read stand for (see `prepareSource`). */
  segments: ReadonlyMap<string, readonly PathSegment[]>;
}

/** The tree of a template, or the first fault in it with its place. */
export function parseTemplate(source: string): Result<ParsedTemplate, TemplateError> {
  const prepared = prepareSource(source);
  if (!prepared.ok) return prepared;
  try {
    // Set each time: the parser is one for all that load it.
    parser.parseError = throwParseFault;
    // The parser is untyped; `template-tree.ts` is what version 4 documents of its tree.
    const program = parse(prepared.value.text) as ProgramNode;
    return ok({ program, segments: prepared.value.segments });
  } catch (thrown) {
    return fail(buildError(source, thrown));
  }
}

class ParseFault extends Error {
  readonly token: string;
  readonly place: { line: number; column: number } | undefined;
  constructor(token: string) {
    super(token);
    const at = parser.lexer.yylloc;
    this.token = token;
    // Behind the last token the parser has no place of its own.
    this.place = at && token !== 'EOF' ? { line: at.first_line, column: at.first_column } : undefined;
  }
}

/** The parser's own text has only the line and names of tokens. */
function throwParseFault(_: string, { token = '' }: { token?: string }): never {
  throw new ParseFault(token);
}

/** What the author did, by the token the parser could not place. */
const FAULT_MESSAGES: Readonly<Record<string, string>> = {
  EOF: 'The template ends inside a block: close it, as in {{#if x}}…{{/if}}.',
  INVERSE: '{{else}} is outside of a block.',
  OPEN_INVERSE_CHAIN: '{{else}} is outside of a block.',
  OPEN_ENDBLOCK: 'This tag closes a block that was not opened.',
  CLOSE: 'The tag ends too early: a name or a value is missing.',
  CLOSE_UNESCAPED: 'The tag ends too early, or with too many braces.',
  CLOSE_SEXPR: 'A closing parenthesis has no opening one, or a value is missing before it.',
  OPEN_SEXPR: 'A parenthesis cannot stand here: it holds a value of a helper, as in {{lowercase (extract x)}}.',
  ID: 'A name cannot stand here.',
  STRING: 'A text cannot stand here.',
  NUMBER: 'A number cannot stand here.',
  EQUALS: 'A value cannot be named here: write name="value" behind the helper and its values.',
};

/** The parser's own errors beyond the grammar, such as `if doesn't match each`. */
interface TreeFault {
  lineNumber?: number;
  column?: number;
}

function buildError(source: string, thrown: unknown): TemplateError {
  if (thrown instanceof ParseFault) {
    const offset = thrown.place ? computeOffset(source, thrown.place) : source.length;
    return templateErrorAt(source, offset, FAULT_MESSAGES[thrown.token] ?? 'This cannot stand here.');
  }
  if (!(thrown instanceof Error)) return templateErrorAt(source, 0, 'The template cannot be read.');
  const { lineNumber, column } = thrown as TreeFault; // set by the parser on its own errors only
  const offset = lineNumber === undefined ? 0 : computeOffset(source, { line: lineNumber, column: column ?? 0 });
  return templateErrorAt(source, offset, messageOfTreeFault(thrown.message));
}

const MISMATCH = /^(.*) doesn't match (.*?)(?: - \d+:\d+)?$/;

function messageOfTreeFault(message: string): string {
  const [, opened, closed] = MISMATCH.exec(message) ?? [];
  if (opened !== undefined) return `The block {{#${opened}}} is closed by {{/${closed}}}.`;
  return 'The template cannot be read here.';
}

import { fail, ok, type Result } from '../lib/result.ts';
import { isTruthy, textOf } from '../variables/rich-value.ts';
import { type Compilation, NESTING_MAX, reportProblem, type Scope, startCompilation } from './compilation.ts';
import { compileExpression, compileHead } from './compile-expression.ts';
import {
  type Evaluation,
  type Expression,
  type Frame,
  isExhausted,
  spend,
  spendOnMembers,
  type TextNode,
} from './evaluation.ts';
import { loopMembers } from './loop-members.ts';
import { markValue } from './marked-values.ts';
import type { ParsedTemplate } from './parse-template.ts';
import type { TemplateError } from './template-error.ts';
import type { BlockNode, ProgramNode, StatementNode } from './template-tree.ts';

export interface CompiledProgram {
  write: TextNode;
  /** Set when the template is one helper alone with `dataType="Number"`. */
  numberAlone: Expression | undefined;
  variables: readonly string[];
}

/** Closures for a template's tree, or the first thing in it that is not part of the language. */
export function compileProgram(source: string, parsed: ParsedTemplate): Result<CompiledProgram, TemplateError> {
  const compilation = startCompilation(source, parsed.segments);
  const scope: Scope = { level: 0, nesting: 0, blockParams: [], parent: undefined };
  const write = compileStatements(compilation, parsed.program, scope);
  const numberAlone = compileNumberAlone(compilation, parsed.program, scope);
  if (compilation.error) return fail(compilation.error);
  return ok({ write, numberAlone, variables: [...compilation.variables] });
}

function compileNumberAlone(compilation: Compilation, program: ProgramNode, scope: Scope): Expression | undefined {
  const [only, ...others] = program.body;
  if (only?.type !== 'MustacheStatement' || others.length > 0) return undefined;
  const dataType = only.hash?.pairs.find((pair) => pair.key === 'dataType')?.value;
  const isNumber = dataType?.type === 'StringLiteral' && dataType.value === 'Number';
  return isNumber ? compileHead(compilation, only, scope) : undefined;
}

function compileStatements(compilation: Compilation, program: ProgramNode | undefined, scope: Scope): TextNode {
  const nodes = (program?.body ?? []).flatMap((statement) => compileStatement(compilation, statement, scope) ?? []);
  const [only] = nodes;
  if (only && nodes.length === 1) return only;
  return (evaluation, frame) => {
    let text = '';
    for (const node of nodes) {
      if (isExhausted(evaluation)) return '';
      text += node(evaluation, frame);
    }
    return text;
  };
}

const REFUSED = {
  PartialStatement: 'Partials ({{> …}}) are not part of the language: write the text here.',
  PartialBlockStatement: 'Partials ({{#> …}}) are not part of the language: write the text here.',
  Decorator: 'Decorators ({{* …}}) are not part of the language: remove the asterisk.',
  DecoratorBlock: 'Decorators ({{#* …}}) are not part of the language: remove the asterisk.',
} as const;

function compileStatement(compilation: Compilation, statement: StatementNode, scope: Scope): TextNode | undefined {
  switch (statement.type) {
    case 'CommentStatement':
      return undefined;
    case 'ContentStatement': {
      const { value } = statement;
      return value === '' ? undefined : (evaluation) => charged(evaluation, value);
    }
    case 'MustacheStatement': {
      const head = compileHead(compilation, statement, scope);
      return (evaluation, frame) => {
        const value = head(evaluation, frame);
        spendOnMembers(evaluation, value);
        if (isExhausted(evaluation)) return '';
        const text = charged(evaluation, textOf(value));
        return evaluation.marksValues === true ? markValue(text) : text;
      };
    }
    case 'BlockStatement':
      return compileBlock(compilation, statement, { ...scope, nesting: scope.nesting + 1 });
    default:
      reportProblem(compilation, statement.loc, REFUSED[statement.type]);
      return undefined;
  }
}

function charged(evaluation: Evaluation, text: string): string {
  spend(evaluation, text.length);
  return text;
}

type CompileBlock = (compilation: Compilation, block: BlockNode, scope: Scope) => TextNode;

const BLOCKS: ReadonlyMap<string, CompileBlock> = new Map([
  ['if', (compilation, block, scope) => compileChoice(compilation, block, scope)],
  ['unless', (compilation, block, scope) => compileChoice(compilation, turned(block), scope)],
  ['each', compileEach],
]);

function compileBlock(compilation: Compilation, block: BlockNode, scope: Scope): TextNode {
  const name = block.path.type === 'PathExpression' ? block.path.original : '';
  const compile = BLOCKS.get(name);
  const fault = scope.nesting > NESTING_MAX ? `Blocks nest at most ${NESTING_MAX} deep.` : blockFault(block, compile);
  if (!compile || fault !== undefined) {
    reportProblem(compilation, block.loc, fault ?? '');
    return () => '';
  }
  return compile(compilation, block, scope);
}

function blockFault(block: BlockNode, compile: CompileBlock | undefined): string | undefined {
  if (!compile) return `There is no such block: the blocks are ${[...BLOCKS.keys()].join(', ')}.`;
  return block.params.length === 1 ? undefined : 'A block takes one value, as in {{#if lead.email}}.';
}

function turned(block: BlockNode): BlockNode {
  const { program, inverse, ...rest } = block;
  return { ...rest, ...(inverse ? { program: inverse } : {}), ...(program ? { inverse: program } : {}) };
}

function compileChoice(compilation: Compilation, block: BlockNode, scope: Scope): TextNode {
  const condition = compileSubject(compilation, block, scope);
  const then = compileStatements(compilation, block.program, scope);
  const otherwise = compileStatements(compilation, block.inverse, scope);
  return (evaluation, frame) => {
    spend(evaluation);
    return isTruthy(condition(evaluation, frame)) ? then(evaluation, frame) : otherwise(evaluation, frame);
  };
}

function compileEach(compilation: Compilation, block: BlockNode, scope: Scope): TextNode {
  const subject = compileSubject(compilation, block, scope);
  const blockParams = block.program?.blockParams ?? [];
  const body = compileStatements(compilation, block.program, {
    level: scope.level + 1,
    nesting: scope.nesting,
    blockParams,
    parent: scope,
  });
  const otherwise = compileStatements(compilation, block.inverse, scope);
  return (evaluation, frame) => {
    const members = loopMembers(subject(evaluation, frame));
    spend(evaluation);
    return members.length === 0
      ? otherwise(evaluation, frame)
      : writeEach({ members, body, evaluation, parent: frame });
  };
}

interface Loop {
  members: readonly (readonly [key: string | number, value: unknown])[];
  body: TextNode;
  evaluation: Evaluation;
  parent: Frame;
}

function writeEach({ members, body, evaluation, parent }: Loop): string {
  let text = '';
  for (const [index, [key, context]] of members.entries()) {
    spend(evaluation);
    if (isExhausted(evaluation)) return '';
    const loop = { index, key, first: index === 0, last: index === members.length - 1 };
    text += body(evaluation, { context, parent, loop });
  }
  return text;
}

function compileSubject(compilation: Compilation, block: BlockNode, scope: Scope): Expression {
  const [subject] = block.params;
  return subject ? compileExpression(compilation, subject, scope) : () => undefined;
}

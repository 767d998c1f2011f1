import { textOf } from '../variables/rich-value.ts';
import { type Compilation, NESTING_MAX, reportProblem, type Scope } from './compilation.ts';
import { compilePath } from './compile-path.ts';
import { type Evaluation, type Expression, isExhausted, spend, spendOnMembers } from './evaluation.ts';
import type { HelperArguments } from './template-helper.ts';
import { findHelper, TEMPLATE_HELPERS } from './template-helpers.ts';
import type { CallNode, ExpressionNode } from './template-tree.ts';

/** What stands in a tag: a helper when it has values, else a path. */
export function compileHead(compilation: Compilation, node: CallNode, scope: Scope): Expression {
  const isCall = node.params.length > 0 || (node.hash?.pairs.length ?? 0) > 0;
  if (isCall) return compileCall(compilation, node, scope);
  if (node.path.type === 'PathExpression') return compilePath(compilation, node.path, scope);
  // Handlebars reads `{{"first name"}}` and `{{1984}}` as names.
  const parts = [String(literalValue(node.path))];
  return compilePath(compilation, { ...NAME_NODE, loc: node.loc, parts }, scope);
}

const NAME_NODE = { type: 'PathExpression', data: false, depth: 0, original: '' } as const;

/** A value: a literal, a path, or a helper in parentheses. */
export function compileExpression(compilation: Compilation, node: ExpressionNode, scope: Scope): Expression {
  if (node.type === 'PathExpression') return compilePath(compilation, node, scope);
  if (node.type === 'SubExpression') return compileCall(compilation, node, { ...scope, nesting: scope.nesting + 1 });
  const value = literalValue(node);
  return () => value;
}

const nothing: Expression = () => undefined;

function compileCall(compilation: Compilation, node: CallNode, scope: Scope): Expression {
  const name = node.path.type === 'PathExpression' && node.path.parts.length === 1 ? node.path.original : '';
  const helper = findHelper(name);
  if (!helper || scope.nesting > NESTING_MAX) {
    reportProblem(
      compilation,
      node.path.loc,
      helper ? `Helpers nest at most ${NESTING_MAX} deep.` : unknownHelper(name),
    );
    return nothing;
  }
  if (node.params.length < helper.valuesMin || node.params.length > helper.valuesMax) {
    reportProblem(compilation, node.loc, wrongCount(helper));
    return nothing;
  }
  const compiled = helper.compile(listLiterals(node));
  if (!compiled.ok) {
    reportProblem(compilation, node.loc, compiled.error);
    return nothing;
  }
  for (const path of compiled.value.variables ?? []) compilation.variables.add(path);
  const { run } = compiled.value;
  const collect = compileArguments(compilation, node, scope);
  return (evaluation, frame) => {
    const args = collect(evaluation, frame);
    spendOnArguments(evaluation, args);
    return isExhausted(evaluation) ? undefined : run(args, evaluation);
  };
}

const BLOCK_NAMES: readonly string[] = ['if', 'unless', 'each'];

function unknownHelper(name: string): string {
  if (BLOCK_NAMES.includes(name)) return `"${name}" is a block: write {{#${name} …}}…{{/${name}}}.`;
  return `There is no such helper: the helpers are ${TEMPLATE_HELPERS.map((helper) => helper.name).join(', ')}.`;
}

function wrongCount(helper: { name: string; valuesMin: number; valuesMax: number }): string {
  const { name, valuesMin, valuesMax } = helper;
  if (valuesMin === valuesMax)
    return `The helper "${name}" takes ${valuesMin === 1 ? 'one value' : `${valuesMin} values`}.`;
  return `The helper "${name}" takes ${valuesMin} to ${valuesMax} values.`;
}

type Collect = (...at: Parameters<Expression>) => HelperArguments;

function compileArguments(compilation: Compilation, node: CallNode, scope: Scope): Collect {
  const values = node.params.map((param) => compileExpression(compilation, param, scope));
  const named = (node.hash?.pairs ?? []).map(
    ({ key, value }) => [key, compileExpression(compilation, value, scope)] as const,
  );
  return (evaluation, frame) => ({
    values: values.map((value) => value(evaluation, frame)),
    named: new Map(named.map(([key, value]) => [key, value(evaluation, frame)])),
  });
}

function listLiterals(node: CallNode): HelperArguments {
  const pairs = node.hash?.pairs ?? [];
  return {
    values: node.params.map(literalValue),
    named: new Map(pairs.map(({ key, value }) => [key, literalValue(value)])),
  };
}

function literalValue(node: ExpressionNode): unknown {
  if ('value' in node) return node.value;
  return node.type === 'NullLiteral' ? null : undefined;
}

function spendOnArguments(evaluation: Evaluation, { values, named }: HelperArguments): void {
  let characters = 0;
  for (const value of [...values, ...named.values()]) {
    spendOnMembers(evaluation, value);
    if (isExhausted(evaluation)) return;
    characters += textOf(value).length;
  }
  spend(evaluation, characters);
}

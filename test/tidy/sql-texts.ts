import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { packageRoot } from '../../src/package-root.ts';
import { splitStatements } from '../../src/store/postgres/split-statements.ts';
import { isTest, pathsBelow } from './source-files.ts';

/** One statement of the product, as the rules of test/statements.test.ts read it. */
export interface SqlText {
  /** Relative to the root, with `/`. */
  path: string;
  /** Constants of the program are filled in; any other hole stays as it is written. Comments are blank. */
  text: string;
  /** Line of the file at which a position of `text` is written. */
  lineAt(index: number): number;
  /** The comments before it, before what it is part of, and in it. */
  comments: string;
}

/** A count of rows that the program reads. */
export interface RowCount {
  path: string;
  line: number;
  /** Of the statement whose rows are counted; undefined: a search does not find it. */
  text: string | undefined;
}

/** A loop or a function that calls itself, with an `await` in each round. */
export interface AwaitingLoop {
  path: string;
  line: number;
  /** The whole of it. */
  text: string;
  /** What says when it ends: the head of a loop, the name of a function. */
  head: string;
  /** The function around it. */
  around: string;
}

interface Piece {
  text: string;
  line: number;
  /** Each line of the piece is the next line of the file. */
  isOfFile: boolean;
}

/** What the rules read of the TypeScript files below some folders, tests left out. */
export interface Statements {
  texts: SqlText[];
  rowCounts: RowCount[];
  loops: AwaitingLoop[];
}

/** Reads every file below the folders that is no test. */
export function readStatements(folders: readonly string[]): Statements {
  const paths = folders.flatMap(pathsBelow).filter((path) => !isTest(path));
  return describeStatements(paths.map((path) => ({ path, text: readFileSync(join(packageRoot, path), 'utf8') })));
}

/** The same of files that are given: what the rules' own tests show them. */
export function describeStatements(files: readonly { path: string; text: string }[]): Statements {
  const roots = files.map(({ path, text }) => ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true));
  const shared = new Map<string, ts.Expression>();
  for (const root of roots) for (const [name, value] of constantsOf(root)) shared.set(name, value);
  const found: Statements = { texts: [], rowCounts: [], loops: [] };
  const parts = new Set(roots.flatMap((root) => [...namesInTemplates(root)]));
  for (const root of roots) visit(root, { root, own: constantsOf(root), shared, parts }, found);
  return found;
}

/** The statements of the migrations. */
export function readMigrationTexts(): SqlText[] {
  return readdirSync(join(packageRoot, 'sql'))
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .flatMap((name) => {
      const sql = readFileSync(join(packageRoot, 'sql', name), 'utf8');
      return splitStatements(sql).map((statement) => textOf(`sql/${name}`, statement, lineIn(sql, statement)));
    });
}

/** One statement by itself, as a rule's own test gives it. */
export function textOf(path: string, text: string, line = 1): SqlText {
  return buildText(path, [{ text, line, isOfFile: true }], '');
}

interface FileConstants {
  root: ts.SourceFile;
  own: ReadonlyMap<string, ts.Expression>;
  /** Of all files, for those that are imported. */
  shared: ReadonlyMap<string, ts.Expression>;
  /** Names of constants that are parts of other texts: they are read there. */
  parts: ReadonlySet<string>;
}

const STATEMENT =
  /^\s*(select\b|insert into\s|update\s+\w+(\s+\w+)?\s+set\s|delete from\s|with\s+\w+\s+as\s|create (table|schema|database|index|unique)\s|alter\s|drop (table|schema|database|index)\s|set\s+(local\s+|session\s+)?([a-z_]+\s(=|to)\s|transaction\s)|lock table\s)/;

/** Depth is bounded by the nesting of our own code. */
function visit(node: ts.Node, file: FileConstants, found: Statements): void {
  const path = file.root.fileName;
  if (isText(node) && !isPartOfText(node, file)) {
    const pieces = piecesOf(node, file);
    if (STATEMENT.test(pieces.map(({ text }) => text).join(''))) {
      found.texts.push(buildText(path, pieces, commentsBefore(node)));
    }
  }
  const counted = callCountedBy(node);
  if (counted) {
    const [argument] = counted.arguments;
    const pieces = argument ? piecesOf(argument, file) : [];
    const text = pieces.map((piece) => piece.text).join('');
    found.rowCounts.push({ path, line: lineOf(node), text: STATEMENT.test(text) ? text : undefined });
  }
  const head = headOf(node);
  if (head !== undefined && isAwaiting(node)) {
    found.loops.push({ path, line: lineOf(node), text: node.getText(), head, around: functionAround(node).getText() });
  }
  ts.forEachChild(node, (child) => visit(child, file, found));
}

function isText(node: ts.Node): node is ts.StringLiteralLike | ts.TemplateExpression {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
}

function isPartOfText({ parent }: ts.Node, { parts }: FileConstants): boolean {
  if (ts.isTemplateSpan(parent)) return true;
  return ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) && parts.has(parent.name.text);
}

function namesInTemplates(node: ts.Node): Set<string> {
  const names = new Set<string>();
  const walk = (each: ts.Node): void => {
    if (ts.isTemplateSpan(each) && ts.isIdentifier(each.expression)) names.add(each.expression.text);
    ts.forEachChild(each, walk);
  };
  walk(node);
  return names;
}

/** Depth is bounded by how far constants are made of constants. */
function piecesOf(node: ts.Expression, file: FileConstants): Piece[] {
  if (ts.isStringLiteralLike(node)) return [{ text: node.getText().slice(1, -1), line: lineOf(node), isOfFile: true }];
  if (ts.isTemplateExpression(node)) {
    const head: Piece = { text: node.head.getText().slice(1, -2), line: lineOf(node.head), isOfFile: true };
    const spans = node.templateSpans.flatMap(({ expression, literal }): Piece[] => [
      ...holeOf(expression, file),
      {
        text: literal
          .getText()
          .replace(/^\}/, '')
          .replace(/(\$\{|`)$/, ''),
        line: lineOf(literal),
        isOfFile: true,
      },
    ]);
    return [head, ...spans];
  }
  return holeOf(node, file);
}

function holeOf(node: ts.Expression, file: FileConstants): Piece[] {
  const line = lineOf(node);
  if (ts.isConditionalExpression(node)) {
    return [...holeOf(node.whenTrue, file), { text: ' ', line, isOfFile: false }, ...holeOf(node.whenFalse, file)];
  }
  if (isText(node)) return piecesOf(node, file);
  const constant = ts.isIdentifier(node) ? (file.own.get(node.text) ?? file.shared.get(node.text)) : undefined;
  if (!constant || !isText(constant)) return [{ text: `\${${node.getText()}}`, line, isOfFile: false }];
  const pieces = piecesOf(constant, file);
  // A constant of another file has lines of its own.
  return constant.getSourceFile() === file.root ? pieces : pieces.map(({ text }) => ({ text, line, isOfFile: false }));
}

function constantsOf(root: ts.SourceFile): Map<string, ts.Expression> {
  const declarations = root.statements
    .filter((each) => ts.isVariableStatement(each))
    .flatMap((each) => [...each.declarationList.declarations]);
  return new Map(
    declarations.flatMap(({ name, initializer }): [string, ts.Expression][] =>
      ts.isIdentifier(name) && initializer ? [[name.text, initializer]] : [],
    ),
  );
}

/** The call whose `rowCount` this node reads. */
function callCountedBy(node: ts.Node): ts.CallExpression | undefined {
  if (ts.isPropertyAccessExpression(node) && node.name.text === 'rowCount') return callIn(node.expression);
  if (!ts.isVariableDeclaration(node) || !ts.isObjectBindingPattern(node.name) || !node.initializer) return undefined;
  const names = node.name.elements.map(({ name, propertyName }) => (propertyName ?? name).getText());
  return names.includes('rowCount') ? callIn(node.initializer) : undefined;
}

function callIn(node: ts.Expression): ts.CallExpression | undefined {
  if (ts.isParenthesizedExpression(node) || ts.isAwaitExpression(node)) return callIn(node.expression);
  return ts.isCallExpression(node) ? node : undefined;
}

function headOf(node: ts.Node): string | undefined {
  if (ts.isForStatement(node)) return `for (${node.condition?.getText() ?? ''})`;
  if (ts.isWhileStatement(node) || ts.isDoStatement(node)) return `while (${node.expression.getText()})`;
  if (!ts.isFunctionDeclaration(node) || !node.name || !node.body) return undefined;
  const name = node.name.text;
  return callsItself(node.body, name) ? `${name}()` : undefined;
}

function functionAround(node: ts.Node): ts.Node {
  let each = node;
  while (!ts.isFunctionLike(each) && !ts.isSourceFile(each)) each = each.parent;
  return each;
}

function callsItself(node: ts.Node, name: string): boolean {
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === name) return true;
  return ts.forEachChild(node, (child) => callsItself(child, name) || undefined) ?? false;
}

/** Functions inside have rounds of their own. */
function isAwaiting(node: ts.Node): boolean {
  return (
    ts.forEachChild(
      node,
      (child) => ts.isAwaitExpression(child) || (!ts.isFunctionLike(child) && isAwaiting(child)) || undefined,
    ) ?? false
  );
}

function commentsBefore(node: ts.Node): string {
  const text = node.getSourceFile().text;
  const comments: string[] = [];
  for (let each: ts.Node = node; !ts.isSourceFile(each); each = each.parent) {
    for (const { pos, end } of ts.getLeadingCommentRanges(text, each.getFullStart()) ?? [])
      comments.push(text.slice(pos, end));
  }
  return comments.join('\n');
}

function buildText(path: string, pieces: readonly Piece[], comments: string): SqlText {
  const whole = pieces.map(({ text }) => text).join('');
  const inside = whole.match(/--.*/g) ?? [];
  return {
    path,
    text: whole.replace(/--.*/g, (comment) => ' '.repeat(comment.length)),
    comments: [comments, ...inside].join('\n'),
    lineAt: (index) => {
      let start = 0;
      for (const { text, line, isOfFile } of pieces) {
        const end = start + text.length;
        if (index < end) return isOfFile ? line + text.slice(0, index - start).split('\n').length - 1 : line;
        start = end;
      }
      return pieces[0]?.line ?? 1;
    },
  };
}

function lineOf(node: ts.Node): number {
  const root = node.getSourceFile();
  return root.getLineAndCharacterOfPosition(node.getStart(root)).line + 1;
}

function lineIn(sql: string, statement: string): number {
  const [first = ''] = statement.split('\n');
  return sql.slice(0, Math.max(0, sql.indexOf(first))).split('\n').length;
}

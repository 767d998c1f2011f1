import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import ts from 'typescript';
import { packageRoot } from '../../src/package-root.ts';

/** A TypeScript file of the repository, read once for all rules. Paths are relative to the root, with `/`. */
export interface SourceFile {
  path: string;
  imports: Import[];
  /** `export … from`: what a barrel is made of. */
  reExports: string[];
  /** Texts of string and template literals. */
  literals: string[];
  /** Names that are reached for, as written: `Date.now`, `console.log`, `new Date()`. */
  reaches: string[];
}

export interface Import {
  /** As written. */
  specifier: string;
  /** The imported file's path; null: a package or a Node module. */
  target: string | null;
  /** Only types: nothing of it is there at run time. */
  isTypeOnly: boolean;
}

/** Every TypeScript file below the folders, declarations left out. */
export function readSourceFiles(folders: readonly string[]): SourceFile[] {
  return folders.flatMap(pathsBelow).map((path) => {
    const text = readFileSync(join(packageRoot, path), 'utf8');
    return describeFile(path, ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true));
  });
}

export function isTest(path: string): boolean {
  return path.endsWith('.test.ts') || path.includes('/testing/');
}

/** Every TypeScript file below a folder, declarations left out. */
export function pathsBelow(folder: string): string[] {
  return readdirSync(join(packageRoot, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'))
    .map((entry) => relative(packageRoot, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

function describeFile(path: string, root: ts.SourceFile): SourceFile {
  const file: SourceFile = { path, imports: [], reExports: [], literals: [], reaches: [] };
  visit(root, file);
  return file;
}

/** Depth is bounded by the nesting of our own code. */
function visit(node: ts.Node, file: SourceFile): void {
  if (ts.isImportDeclaration(node)) noteImport(node.moduleSpecifier, { file, isTypeOnly: isTypeOnly(node) });
  else if (ts.isExportDeclaration(node) && node.moduleSpecifier) file.reExports.push(node.getText());
  else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    noteImport(node.arguments[0], { file, isTypeOnly: false });
  } else if (ts.isStringLiteralLike(node)) file.literals.push(node.text);
  else if (ts.isTemplateExpression(node)) file.literals.push(node.getText().slice(1, -1));
  else if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) file.reaches.push(node.getText());
  else if (ts.isNewExpression(node) && !node.arguments?.length) file.reaches.push(node.getText());
  else if (ts.isCallExpression(node) && ts.isIdentifier(node.expression))
    file.reaches.push(`${node.expression.text}()`);
  ts.forEachChild(node, (child) => visit(child, file));
}

function noteImport(
  specifier: ts.Node | undefined,
  { file, isTypeOnly }: { file: SourceFile; isTypeOnly: boolean },
): void {
  if (!specifier || !ts.isStringLiteral(specifier)) return;
  const isRelative = specifier.text.startsWith('.');
  const target = isRelative ? posix.normalize(posix.join(dirname(file.path), specifier.text)) : null;
  file.imports.push({ specifier: specifier.text, target, isTypeOnly });
}

function isTypeOnly({ importClause }: ts.ImportDeclaration): boolean {
  if (!importClause) return false;
  if (importClause.isTypeOnly) return true;
  const { name, namedBindings } = importClause;
  if (name || !namedBindings || !ts.isNamedImports(namedBindings)) return false;
  return namedBindings.elements.length > 0 && namedBindings.elements.every((element) => element.isTypeOnly);
}

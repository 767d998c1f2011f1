import type { Operation, OperationGroup } from './read-reference.ts';

/**
 * The operations that have each word of what is looked for in their name, method, path, summary or permission, in their groups;
 * a group without any is left out. All of them when nothing is looked for.
 */
export function findOperations(groups: readonly OperationGroup[], wanted: string): OperationGroup[] {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  return groups
    .map(({ label, operations }) => ({ label, operations: operations.filter((each) => hasWords(each, words)) }))
    .filter(({ operations }) => operations.length > 0);
}

function hasWords(operation: Operation, words: readonly string[]): boolean {
  const { name, method, path, summary, permission } = operation;
  const text = `${name} ${method} ${path} ${summary} ${permission}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

import type { PathSegment } from '../variables/property-path.ts';
import { computeOffset, type TemplateError, templateErrorAt } from './template-error.ts';
import type { Place } from './template-tree.ts';

/** One template being compiled: what its names mean, what it reads, and the first fault found in it. */
export interface Compilation {
  readonly source: string;
  readonly segments: ReadonlyMap<string, readonly PathSegment[]>;
  readonly variables: Set<string>;
  error: TemplateError | undefined;
}

/** How deep blocks, `{{else if}}` chains included, and sub-expressions may nest: it bounds the recursion. */
export const NESTING_MAX = 100;

/** Where in the tree an expression stands. */
export interface Scope {
  /** How many `{{#each}}` are around it. */
  readonly level: number;
  /** How many blocks and sub-expressions are around it. */
  readonly nesting: number;
  /** The names of `{{#each x as |member key|}}`. */
  readonly blockParams: readonly string[];
  readonly parent: Scope | undefined;
}

export function startCompilation(source: string, segments: Compilation['segments']): Compilation {
  return { source, segments, variables: new Set(), error: undefined };
}

/** Records a fault; the first one is the template's error. */
export function reportProblem(compilation: Compilation, place: Place, message: string): void {
  compilation.error ??= templateErrorAt(compilation.source, computeOffset(compilation.source, place.start), message);
}

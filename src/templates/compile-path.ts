import { compileFind, compileSegmentsLookup } from '../variables/lookup.ts';
import { indexOrKey, type PathSegment } from '../variables/property-path.ts';
import { type Compilation, reportProblem, type Scope } from './compilation.ts';
import type { Expression, Frame, LoopPlace } from './evaluation.ts';
import type { PathNode } from './template-tree.ts';

/**
 * A path in a tag: from the variables; inside `{{#each}}` from the member, with `../` from what is around it and
 * `@root` from the variables again; or a name given by `as |member key|`.
 */
export function compilePath(compilation: Compilation, node: PathNode, scope: Scope): Expression {
  const segments = node.parts.flatMap((part) => compilation.segments.get(part) ?? indexOrKey(part));
  if (node.data) return compileLoopVariable(compilation, { node, segments });
  const given = findBlockParam(scope, { node, name: segments[0] });
  if (given) return compileBlockParam(given, segments.slice(1));
  if (node.depth > scope.level) return () => undefined;
  if (node.depth === scope.level) return compileFromRoot(compilation, segments);
  const find = compileFind(segments);
  return (_, frame) => find(frameAbove(frame, node.depth)?.context);
}

function compileFromRoot(compilation: Compilation, segments: readonly PathSegment[]): Expression {
  if (segments.length > 0) compilation.variables.add(segments.join('.'));
  const find = compileSegmentsLookup(segments);
  return (evaluation) => find(evaluation.vars);
}

/** `{{this.name}}` and `{{./name}}` are the member's own, whatever names are given. */
const SCOPED = /^(?:this\b|\.)/;

interface BlockParam {
  /** How many `{{#each}}` lie between its use and where it is given. */
  above: number;
  /** The first name is the member, the second its key. */
  isKey: boolean;
}

function findBlockParam(scope: Scope, use: { node: PathNode; name: PathSegment | undefined }): BlockParam | undefined {
  if (use.node.depth > 0 || SCOPED.test(use.node.original) || typeof use.name !== 'string') return undefined;
  let around: Scope | undefined = scope;
  for (let above = 0; around; above += 1, around = around.parent) {
    const place = around.blockParams.indexOf(use.name);
    if (place === 0 || place === 1) return { above, isKey: place === 1 };
  }
  return undefined;
}

function compileBlockParam({ above, isKey }: BlockParam, rest: readonly PathSegment[]): Expression {
  const find = compileFind(rest);
  return (_, frame) => {
    const giving = frameAbove(frame, above);
    return find(isKey ? giving?.loop?.key : giving?.context);
  };
}

const LOOP_VARIABLES: readonly (keyof LoopPlace)[] = ['index', 'key', 'first', 'last'];

function compileLoopVariable(
  compilation: Compilation,
  { node, segments }: { node: PathNode; segments: readonly PathSegment[] },
): Expression {
  const [name, ...rest] = segments;
  if (name === 'root') return compileFromRoot(compilation, rest);
  const wanted = LOOP_VARIABLES.find((variable) => variable === name);
  if (wanted) return (_, frame) => frameAbove(frame, node.depth)?.loop?.[wanted];
  reportProblem(
    compilation,
    node.loc,
    'There is no such loop variable: there are @index, @key, @first, @last and @root.',
  );
  return () => undefined;
}

function frameAbove(frame: Frame, depth: number): Frame | undefined {
  let found: Frame | undefined = frame;
  for (let up = 0; up < depth; up += 1) found = found?.parent;
  return found;
}

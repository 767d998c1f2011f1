import type { RuleTree } from '../../../../client/src/client.ts';

type Tree = Pick<RuleTree, 'name' | 'path' | 'is_deciding' | 'stops_when' | 'verdict'>;

/** What the rule set meant for the lead. A filter whose rules do not hold lets the lead pass: that is no failure. */
export function describeVerdict(tree: Tree): { status: string; word?: string } {
  if (tree.stops_when === 'failed' || tree.verdict === 'not reached') return { status: tree.verdict };
  return tree.is_deciding ? { status: 'stop' } : { status: 'skip', word: 'Did not stop it' };
}

const UNNAMED_STEP = /^steps\.(\d+)$/;

/** As people count: a step without a description is called by its place in the document. */
export function nameTree({ name }: Partial<Tree> & Pick<Tree, 'name'>): string {
  const index = UNNAMED_STEP.exec(name)?.[1];
  return index === undefined ? name : `Step ${Number(index) + 1}`;
}

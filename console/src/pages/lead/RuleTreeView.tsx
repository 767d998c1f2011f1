import type { RuleTree } from '../../../../client/src/client.ts';
import { OutcomeBadge } from '../../parts/OutcomeBadge.tsx';
import { ShownValue } from '../../parts/ShownValue.tsx';
import styles from './RuleTreeView.module.css';
import { describeVerdict, nameTree } from './tree-words.ts';

type Node = RuleTree['nodes'][number];

const MARKS = { passed: '✓', failed: '✕', 'not reached': '–' } as const;
const WORDS = {
  passed: 'passed',
  failed: 'failed',
  'not reached': 'not reached, the decision was made before',
} as const;

/** A rule set as it was evaluated: what had to hold, what each rule compared, and what decided. */
export function RuleTreeView({ tree }: { tree: RuleTree }) {
  return (
    <section className={styles['tree']} aria-label={nameTree(tree)}>
      <h3 className={styles['title']}>
        {nameTree(tree)} <OutcomeBadge {...describeVerdict(tree)} />
      </h3>
      {tree.stops_when === 'passed' && <p className={styles['note']}>A filter stops a lead when its rules pass.</p>}
      <ul className={styles['nodes']}>
        {tree.nodes.map((node) => (
          <li
            key={node.path}
            className={styles['node']}
            data-verdict={node.verdict}
            data-depth={Math.min(node.depth, DEPTH_MAX)}
          >
            {RAILS.slice(0, node.depth).map((rail) => (
              <span key={rail} className={styles['rail']} aria-hidden />
            ))}
            <Mark verdict={node.verdict} />
            {node.kind === 'group' ? (
              <span className={styles['group']}>{node.holds === 'all' ? 'All of these' : 'Any of these'}</span>
            ) : (
              <RuleLine node={node} />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Deeper ones are not indented further. */
const DEPTH_MAX = 5;
const RAILS = Array.from({ length: DEPTH_MAX }, (_, rail) => rail);

function RuleLine({ node }: { node: Extract<Node, { kind: 'rule' }> }) {
  const isAsked = node.verdict !== 'not reached';
  const hasRight = node.rhv !== null && node.rhv !== undefined;
  return (
    <span className={styles['rule']}>
      <span className={styles['side']}>
        <span>{String(node.label ?? '') || String(node.lhv)}</span>
        <code className={styles['name']}>{String(node.lhv)}</code>
      </span>
      <span className={styles['sentence']}>
        <span className={styles['operator']}>{String(node.op)}</span>
        {hasRight && <ShownValue value={isAsked ? (node.right ?? node.rhv) : node.rhv} />}
      </span>
      <span className={styles['was']}>
        {isAsked ? (
          <>
            <span className={styles['operator']}>was</span> <ShownValue value={node.left} />
          </>
        ) : (
          <span className={styles['operator']}>not reached</span>
        )}
      </span>
    </span>
  );
}

function Mark({ verdict }: { verdict: Node['verdict'] }) {
  return (
    <span className={styles['mark']}>
      <span aria-hidden>{MARKS[verdict]}</span>
      <span className={styles['spoken']}>{WORDS[verdict]}: </span>
    </span>
  );
}

import type { Said } from './describe-rule-set.ts';
import styles from './rules.module.css';

/** A sentence in which fields, values and templates look different. */
export function SaidPieces({ said }: { said: readonly Said[] }) {
  return said.map(({ kind, text }, index) => {
    // Pieces have no other name, and none of them keeps a state.
    const key = index;
    if (kind === 'words') return <span key={key}>{text}</span>;
    if (kind === 'template')
      return (
        <code key={key} className={styles['code']}>
          {text}
        </code>
      );
    return (
      <bdi key={key} className={styles[kind]}>
        {text}
      </bdi>
    );
  });
}

import { Button } from '@mantine/core';
import { CodeBlock } from '../../parts/CodeBlock.tsx';
import styles from './rules.module.css';

/** A part that the editor cannot show as rules, as it is written. */
export function Raw({ value, reason, remove }: { value: unknown; reason: string; remove?: () => void }) {
  return (
    <div className={styles['raw']}>
      <p className={styles['note']}>{reason}</p>
      <CodeBlock label="As it is written" code={JSON.stringify(value, undefined, 2) ?? 'undefined'} />
      {remove && (
        <Button variant="default" size="compact-sm" onClick={remove}>
          Remove it
        </Button>
      )}
    </div>
  );
}

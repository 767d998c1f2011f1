import styles from './ShownValue.module.css';
import { showValue } from './show-value.ts';

/** A value of a lead or a flow. What is hidden or empty says so in words, and cannot be taken for a value. */
export function ShownValue({ value }: { value: unknown }) {
  const shown = showValue(value);
  if (shown.kind === 'value') return <bdi className={styles['value']}>{shown.text}</bdi>;
  return (
    <span className={styles['word']} data-kind={shown.kind}>
      {shown.kind}
    </span>
  );
}

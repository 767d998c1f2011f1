import { IconAlertCircle, IconAlertTriangle } from '@tabler/icons-react';
import { Sentence as SaidByServer } from '../../parts/Sentence.tsx';
import type { Fault } from '../part-props.ts';
import styles from './sentence.module.css';

/** What is wrong at a place, beside it: icon and words. */
export function Faults({ faults, id }: { faults: readonly Fault[]; id?: string }) {
  if (faults.length === 0) return null;
  return (
    <ul className={styles['faults']} {...(id !== undefined && { id })}>
      {faults.map(({ path, message, level }) => {
        const Icon = level === 'error' ? IconAlertCircle : IconAlertTriangle;
        return (
          <li key={`${path} ${message}`} className={styles['fault']} data-level={level}>
            <Icon size={15} aria-label={level === 'error' ? 'Error' : 'Warning'} role="img" />
            <span>
              <SaidByServer text={message} />
            </span>
          </li>
        );
      })}
    </ul>
  );
}

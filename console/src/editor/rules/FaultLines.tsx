import { IconAlertTriangle, IconCircleX } from '@tabler/icons-react';
import { Sentence } from '../../parts/Sentence.tsx';
import type { Fault } from '../part-props.ts';
import styles from './rules.module.css';

/** What is wrong at a place, beside it. */
export function FaultLines({ faults, id }: { faults: readonly Fault[]; id?: string }) {
  if (faults.length === 0) return null;
  return (
    <ul className={styles['faults']} {...(id !== undefined && { id })}>
      {faults.map(({ path, message, level }) => {
        const Icon = level === 'error' ? IconCircleX : IconAlertTriangle;
        return (
          <li key={`${path} ${message}`} data-level={level}>
            <Icon size={16} aria-hidden />
            <span>
              <span className={styles['spoken']}>{level === 'error' ? 'Error: ' : 'Warning: '}</span>
              <Sentence text={message} />
            </span>
          </li>
        );
      })}
    </ul>
  );
}

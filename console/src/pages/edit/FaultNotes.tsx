import { IconAlertTriangle } from '@tabler/icons-react';
import type { Fault } from '../../editor/part-props.ts';
import { Sentence } from '../../parts/Sentence.tsx';
import classes from './edit.module.css';
import { countOf } from './summaries.ts';

/** The faults of a place, each with its sentence. */
export function FaultNotes({ faults }: { faults: readonly Fault[] }) {
  if (faults.length === 0) return null;
  return (
    <ul className={classes['notes']}>
      {faults.map(({ path, message, level }) => (
        <li key={`${path} ${message}`} data-tone={level === 'error' ? 'failure' : 'error'}>
          <IconAlertTriangle size={16} aria-hidden />
          <span>
            {level === 'error' ? 'Error: ' : 'Warning: '}
            <Sentence text={message} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Beside a word: how many faults there are; which, says the title. */
export function FaultMark({ faults }: { faults: readonly Fault[] }) {
  if (faults.length === 0) return null;
  const isError = faults.some(({ level }) => level === 'error');
  return (
    <span
      className={classes['mark']}
      data-tone={isError ? 'failure' : 'error'}
      title={faults.map(({ message }) => message).join('\n')}
    >
      <IconAlertTriangle size={14} aria-hidden />
      {countOf(faults.length, isError ? 'fault' : 'warning')}
    </span>
  );
}

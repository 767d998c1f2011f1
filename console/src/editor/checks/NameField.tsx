import { Autocomplete } from '@mantine/core';
import { useId } from 'react';
import type { Fault } from '../part-props.ts';
import { Faults } from '../sentence/Faults.tsx';
import styles from '../sentence/sentence.module.css';
import { useTyped } from '../sentence/use-typed.ts';

/** A text with names to choose from; an empty one takes the property out. */
export function NameField(props: {
  label: string;
  /** Above the field. */
  caption: string;
  value: string | null | undefined;
  options: readonly string[];
  isReadOnly: boolean;
  faults: readonly Fault[];
  change(value: string | undefined): void;
}) {
  const { label, caption, value, options, isReadOnly, faults, change } = props;
  const typed = useTyped<string>({
    value: value ?? '',
    show: (text) => text,
    parse: (text) => ({ ok: true, value: text }),
    change: (text) => change(text === '' ? undefined : text),
  });
  const id = useId();
  return (
    <div className={styles['field']} data-fault={faults.length > 0 || undefined} data-grows>
      <Autocomplete
        label={caption}
        aria-label={label}
        data={[...new Set(options)]}
        value={typed.text}
        readOnly={isReadOnly}
        maxLength={1_000}
        limit={50}
        onChange={typed.type}
        onBlur={typed.leave}
        error={faults.some(({ level }) => level === 'error')}
        {...(faults.length > 0 && { 'aria-describedby': id })}
      />
      <Faults faults={faults} id={id} />
    </div>
  );
}

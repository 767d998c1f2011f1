import { useEffect, useRef } from 'react';
import classes from './RowCheckbox.module.css';

interface RowCheckboxProps {
  /** Said by screen readers. */
  label: string;
  isChecked: boolean;
  /** Of a box for all: some are. */
  isMixed?: boolean;
  toggle: () => void;
}

/** A box to choose a row with, as the browser draws it: a page has one a row, and each part of a library costs as much as a row. */
export function RowCheckbox({ label, isChecked, isMixed = false, toggle }: RowCheckboxProps) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = isMixed;
  }, [isMixed]);
  return (
    <input
      ref={box}
      type="checkbox"
      className={classes['box']}
      aria-label={label}
      checked={isChecked}
      onChange={toggle}
    />
  );
}

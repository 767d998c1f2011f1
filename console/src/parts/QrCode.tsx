import { useMemo } from 'react';
import classes from './QrCode.module.css';
import { encodeQr } from './qr.ts';

/** Modules of light around it, as readers need it. */
const MARGIN = 4;

/** A text as a picture for a phone; nothing where it is too long for one: show the text beside it. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const rows = useMemo(() => encodeQr(text), [text]);
  if (rows === null) return null;
  const size = rows.length + 2 * MARGIN;
  const path = rows
    .flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? `M${x + MARGIN} ${y + MARGIN}h1v1h-1z` : [])))
    .join('');
  return (
    <svg className={classes['code']} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <path d={path} />
    </svg>
  );
}

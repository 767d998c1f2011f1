import classes from './CodeBlock.module.css';
import { CopyButton } from './CopyButton.tsx';

/** A command, a request or a value as it is, to read and to copy. It takes the focus, so that the keyboard can scroll it. */
export function CodeBlock({ code, label }: { code: string; label: string }) {
  return (
    <div className={classes['frame']}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard (WCAG 2.1.1) */}
      <section className={classes['code']} tabIndex={0} aria-label={label}>
        <pre>
          <code>{code}</code>
        </pre>
      </section>
      <div className={classes['copy']}>
        <CopyButton text={code} label={`Copy: ${label}`} />
      </div>
    </div>
  );
}

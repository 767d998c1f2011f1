import styles from './rules.module.css';
import type { Verdict } from './verdicts.ts';

const MARKS: Readonly<Record<Verdict, string>> = { passed: '✓', failed: '✕', 'not reached': '–' };
const WORDS: Readonly<Record<Verdict, string>> = {
  passed: 'Passed',
  failed: 'Failed',
  'not reached': 'Not reached',
};

/** What a trial says of a rule. */
export function VerdictMark({ verdict }: { verdict: Verdict }) {
  return (
    <span className={styles['verdict']} data-verdict={verdict} title={WORDS[verdict]}>
      <span aria-hidden>{MARKS[verdict]}</span>
      <span className={styles['spoken']}>{WORDS[verdict]}</span>
    </span>
  );
}

import type { ExplainedPhase } from '../../../../client/src/client.ts';
import styles from './PhasePath.module.css';

const NAMES: Readonly<Record<string, string>> = {
  'lead-object': 'Flow',
  'list-checks': 'Lists',
  pricing: 'Price',
  caps: 'Caps',
  'acceptance-criteria': 'Hours and criteria',
  steps: 'Steps',
};

const LOOKS = {
  passed: { mark: '✓', word: 'passed' },
  stopped: { mark: '✕', word: 'stopped here' },
  'not reached': { mark: '–', word: 'not reached' },
} as const;

/** The phases that decide, in their order, and where the lead stopped; as an error, it is in the colors of one. */
export function PhasePath({ phases, outcome }: { phases: readonly ExplainedPhase[]; outcome: string }) {
  return (
    <ol className={styles['path']} data-outcome={outcome}>
      {phases.map(({ phase, verdict }) => (
        <li key={phase} className={styles['chip']} data-verdict={verdict}>
          <span aria-hidden>{verdict === 'stopped' && outcome === 'error' ? '!' : LOOKS[verdict].mark}</span>
          {NAMES[phase] ?? phase}
          <span className={styles['word']} data-shown={verdict === 'stopped'}>
            {LOOKS[verdict].word}
          </span>
        </li>
      ))}
    </ol>
  );
}

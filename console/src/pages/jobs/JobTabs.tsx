import { SectionTabs } from '../../parts/SectionTabs.tsx';

const TABS = [
  { to: '/jobs', label: 'Jobs' },
  { to: '/exports', label: 'Exports' },
  { to: '/import/leads', label: 'Import leads' },
  { to: '/import/feedback', label: 'Import feedback' },
  { to: '/import/lists', label: 'Import values' },
] as const;

/** Work in the background, and what begins it. */
export function JobTabs() {
  return <SectionTabs label="Pages of jobs" tabs={TABS} />;
}

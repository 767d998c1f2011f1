import { SectionTabs } from '../../parts/SectionTabs.tsx';

/** Work in the background, and what begins it. */
export function JobTabs() {
  return <SectionTabs label="Pages of jobs" tabs={[{ to: '/jobs', label: 'Jobs' }]} />;
}

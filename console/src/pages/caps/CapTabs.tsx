import { SectionTabs } from '../../parts/SectionTabs.tsx';

/** What is used, and who is told before a cap is full. */
export function CapTabs() {
  return (
    <SectionTabs
      label="Pages of caps"
      tabs={[
        { to: '/caps', label: 'Caps', isExact: true },
        { to: '/caps/alerts', label: 'Alerts' },
      ]}
    />
  );
}

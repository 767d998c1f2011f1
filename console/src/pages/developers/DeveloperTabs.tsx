import { SectionTabs } from '../../parts/SectionTabs.tsx';

const TABS = [
  { to: '/developers', label: 'API reference', isExact: true },
  { to: '/developers/requests', label: 'Requests' },
  { to: '/developers/set-up', label: 'Set up' },
] as const;

export function DeveloperTabs() {
  return <SectionTabs label="Pages for developers" tabs={TABS} />;
}

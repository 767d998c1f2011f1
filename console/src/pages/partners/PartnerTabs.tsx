import { SectionTabs } from '../../parts/SectionTabs.tsx';

/** Who leads go to, and who they come from. */
export function PartnerTabs() {
  return (
    <SectionTabs
      label="Partners"
      tabs={[
        { to: '/recipients', label: 'Recipients' },
        { to: '/sources', label: 'Sources' },
      ]}
    />
  );
}

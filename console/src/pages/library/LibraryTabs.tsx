import { SectionTabs } from '../../parts/SectionTabs.tsx';

const TABS = [
  { to: '/lists', label: 'Lists' },
  { to: '/fields', label: 'Fields' },
  { to: '/credentials', label: 'Credentials' },
  { to: '/entities', label: 'All partners' },
  { to: '/pricing-services', label: 'Pricing services' },
  { to: '/integrations', label: 'Integrations' },
  { to: '/batches', label: 'Batches' },
] as const;

/** What flows are made of. */
export function LibraryTabs() {
  return <SectionTabs label="Pages of the library" tabs={TABS} />;
}

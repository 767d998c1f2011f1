import { SectionTabs } from '../../parts/SectionTabs.tsx';

const TABS = [
  { to: '/settings/profile', label: 'Profile' },
  { to: '/settings/security', label: 'Security' },
  { to: '/settings/users', label: 'Users' },
  { to: '/settings/roles', label: 'Roles' },
  { to: '/settings/api-keys', label: 'API keys' },
] as const;

/** The person's own settings first, then those of the account. */
export function SettingsTabs() {
  return <SectionTabs label="Pages of settings" tabs={TABS} />;
}

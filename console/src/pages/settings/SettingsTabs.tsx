import { SectionTabs } from '../../parts/SectionTabs.tsx';

const TABS = [
  { to: '/settings/profile', label: 'Profile' },
  { to: '/settings/security', label: 'Security' },
  { to: '/settings/appearance', label: 'Appearance' },
  { to: '/settings/account', label: 'Account' },
  { to: '/settings/users', label: 'Users' },
  { to: '/settings/roles', label: 'Roles' },
  { to: '/settings/api-keys', label: 'API keys' },
  { to: '/settings/webhooks', label: 'Webhooks' },
  { to: '/settings/mail', label: 'Mail' },
  { to: '/settings/retention', label: 'Retention' },
  { to: '/settings/privacy', label: 'Privacy' },
  { to: '/activity', label: 'Activity' },
  { to: '/settings/about', label: 'About' },
] as const;

/** The person's own settings first, then those of the account. */
export function SettingsTabs() {
  return <SectionTabs label="Pages of settings" tabs={TABS} />;
}

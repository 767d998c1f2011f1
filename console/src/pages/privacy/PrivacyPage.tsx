import { Stack } from '@mantine/core';
import { useMay } from '../../api/use-session.ts';
import { NoPermission } from '../../parts/NoPermission.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { useTitle } from '../../parts/use-title.ts';
import { SettingsTabs } from '../settings/SettingsTabs.tsx';
import { ErasePerson } from './ErasePerson.tsx';
import { ExportPerson } from './ExportPerson.tsx';
import { Holds } from './Holds.tsx';
import { Receipts } from './Receipts.tsx';

/** What people may ask for: to be forgotten, and what is kept of them; and what must be kept all the same. */
export function PrivacyPage() {
  useTitle('Privacy', 'Settings');
  const mayManage = useMay('privacy.manage');
  return (
    <>
      <PageHeader title="Privacy" text="Erase a person, export what is kept of one, and hold leads that must stay." />
      <SettingsTabs />
      {mayManage ? (
        <Stack gap="xl">
          <ErasePerson />
          <Receipts />
          <Holds />
          <ExportPerson />
        </Stack>
      ) : (
        <NoPermission what="privacy" permission="privacy.manage" />
      )}
    </>
  );
}

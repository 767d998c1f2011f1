import { Button, Group, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { type Account, accountQuery } from '../../api/account.ts';
import { api } from '../../api/client.ts';
import { sessionQuery } from '../../api/session.ts';
import { useMay } from '../../api/use-session.ts';
import { ErrorState } from '../../parts/ErrorState.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { FormFault } from '../../parts/FormPanel.tsx';
import { findFieldErrors } from '../../parts/find-field-errors.ts';
import { NoPermission } from '../../parts/NoPermission.tsx';
import { PageHeader } from '../../parts/PageHeader.tsx';
import { TableSkeleton } from '../../parts/TableSkeleton.tsx';
import { useChange } from '../../parts/use-change.ts';
import { useTitle } from '../../parts/use-title.ts';
import { ZoneSelect } from '../../parts/ZoneSelect.tsx';
import { SettingsTabs } from '../settings/SettingsTabs.tsx';

/** The account: its name, where its days begin, and whether it answers pings. */
export function AccountPage() {
  useTitle('Account', 'Settings');
  const mayRead = useMay('flows.read');
  return (
    <>
      <PageHeader title="Account" text="What holds for everybody who works here." />
      <SettingsTabs />
      {mayRead ? <Settings /> : <NoPermission what="the account" permission="flows.read" />}
    </>
  );
}

function Settings() {
  const { data: account, error, refetch } = useQuery(accountQuery);
  const mayManage = useMay('account.manage');
  if (account === undefined)
    return error ? <ErrorState error={error} reset={() => void refetch()} /> : <TableSkeleton rows={4} />;
  if (mayManage) return <AccountForm account={account} />;
  return (
    <Stack gap="md">
      <Facts
        facts={[
          ['Name', account.name],
          ['Time zone', account.time_zone],
          ['Answers pings', account.lead_ping_enabled ? 'Yes' : 'No'],
        ]}
      />
      <Text size="sm" c="dimmed">
        Changing it takes the permission account.manage. An owner can give you another role.
      </Text>
    </Stack>
  );
}

const NAME_CHARACTERS_MAX = 200;

function AccountForm({ account }: { account: Account }) {
  const queries = useQueryClient();
  const router = useRouter();
  const [name, setName] = useState(account.name);
  const [zone, setZone] = useState(account.time_zone);
  const [answersPings, setAnswersPings] = useState(account.lead_ping_enabled);
  const isChanged = name !== account.name || zone !== account.time_zone || answersPings !== account.lead_ping_enabled;
  const save = useChange({
    run: async () => {
      await api.changeAccount({ name, time_zone: zone, lead_ping_enabled: answersPings });
      await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
      await router.invalidate();
    },
    keys: [accountQuery.queryKey],
    said: 'The account was changed',
  });
  const faults = findFieldErrors(save.error);
  return (
    <form
      aria-label="Account"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack gap="md" maw={480}>
        <TextInput
          label="Name"
          value={name}
          error={faults['name']}
          onChange={({ currentTarget: { value } }) => setName(value)}
          maxLength={NAME_CHARACTERS_MAX}
          required
        />
        <ZoneSelect value={zone} onChange={setZone} />
        {zone !== account.time_zone && (
          <Text size="sm">Caps, hours and reports count by days of {zone} from then on.</Text>
        )}
        <Switch
          label="Answer pings"
          description="Off: no flow answers a ping, whatever it says itself."
          checked={answersPings}
          onChange={({ currentTarget: { checked } }) => setAnswersPings(checked)}
        />
        {save.error && <FormFault error={save.error} />}
        <Group>
          <Button type="submit" loading={save.isPending} disabled={!isChanged}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

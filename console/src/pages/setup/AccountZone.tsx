import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { sessionQuery } from '../../api/session.ts';
import { useMay, useSession } from '../../api/use-session.ts';
import { announce } from '../../parts/announce.ts';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { ZoneSelect } from '../../parts/ZoneSelect.tsx';

/** The zone as it is, and a way to another one for those who may. */
export function AccountZone() {
  const { account } = useSession();
  const mayChange = useMay('account.manage');
  const [isOpen, { open, close }] = useDisclosure(false);
  if (isOpen) return <ChangeZone zone={account.time_zone} close={close} />;
  return (
    <Group gap="sm">
      <Text c="dimmed">
        Days begin in <b>{account.time_zone}</b>.
      </Text>
      {mayChange && (
        <Button variant="default" size="compact-sm" onClick={open}>
          Change
        </Button>
      )}
    </Group>
  );
}

function ChangeZone({ zone: before, close }: { zone: string; close(): void }) {
  const queries = useQueryClient();
  const router = useRouter();
  const [zone, setZone] = useState(before);
  const change = useMutation({
    mutationFn: () => api.changeAccount({ time_zone: zone }),
    onSuccess: async () => {
      await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
      await router.invalidate();
      announce(`The time zone is ${zone}`);
      close();
    },
  });
  return (
    <Stack gap="sm" maw={420}>
      <ZoneSelect value={zone} onChange={setZone} />
      {change.isError && <FaultAlert>{change.error.message}</FaultAlert>}
      <Group gap="sm">
        <Button loading={change.isPending} onClick={() => change.mutate()}>
          Use this zone
        </Button>
        <Button variant="default" onClick={close}>
          Keep {before}
        </Button>
      </Group>
    </Stack>
  );
}

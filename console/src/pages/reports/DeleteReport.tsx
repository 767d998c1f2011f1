import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import type { Report } from '../../api/reports.ts';
import { announce } from '../../parts/announce.ts';
import { describeError } from '../../parts/ErrorState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';

/** With its link and its schedule, for good. */
export function DeleteReport({ report }: { report: Report }) {
  const [isOpen, setOpen] = useState(false);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.removeReport(report.id),
    onSuccess: () => {
      announce('The report is deleted');
      void navigate({ to: '/reports' }).then(() => queries.invalidateQueries({ queryKey: ['reports'], exact: true }));
    },
  });
  return (
    <>
      <Button variant="default" size="xs" h={28} onClick={() => setOpen(true)}>
        Delete…
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title="Delete the report" centered>
        <Stack>
          <Text>
            <bdi>{report.name}</bdi> is deleted for everybody of the account
            {report.share_expires_at !== null && ', its link ends'}
            {report.schedule !== null && ', and it is mailed no more'}.
          </Text>
          {remove.error && <FaultAlert>{describeError(remove.error).text}</FaultAlert>}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setOpen(false)}>
              Keep it
            </Button>
            <Button onClick={() => remove.mutate()} loading={remove.isPending}>
              Delete the report
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

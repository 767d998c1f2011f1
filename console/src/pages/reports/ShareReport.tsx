import { Button, Group, Modal, NumberInput, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { type Report, reportQuery } from '../../api/reports.ts';
import { announce } from '../../parts/announce.ts';
import { CodeBlock } from '../../parts/CodeBlock.tsx';
import { describeError } from '../../parts/ErrorState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { Time } from '../../parts/Time.tsx';

const DAYS = { default: 90, max: 366 };

/** A link that shows the rows to everybody who has it. Only the answer that makes it has the link. */
export function ShareReport({ report }: { report: Report }) {
  const [isOpen, setOpen] = useState(false);
  const [days, setDays] = useState<number>(DAYS.default);
  const queries = useQueryClient();
  const keep = (next: Report) => {
    queries.setQueryData(reportQuery(report.id).queryKey, next);
    return queries.invalidateQueries({ queryKey: ['reports'], exact: true });
  };
  const share = useMutation({
    mutationFn: () => api.shareReport(report.id, { expires_in_days: days }),
    onSuccess: ({ token: _token, ...shared }) => {
      announce('The link is made');
      return keep({ ...shared, token: null });
    },
  });
  const end = useMutation({
    mutationFn: () => api.unshareReport(report.id),
    onSuccess: (next) => {
      share.reset();
      announce('The link has ended');
      return keep(next);
    },
  });
  const fault = share.error ?? end.error;
  const url = share.data && `${window.location.origin}/reports/shared/${share.data.token}`;
  const isShared = report.share_expires_at !== null;
  return (
    <>
      <Button variant="default" size="xs" h={28} onClick={() => setOpen(true)}>
        {isShared ? 'Shared…' : 'Share…'}
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => {
          setOpen(false);
          share.reset();
        }}
        title="Share the report"
        size="lg"
        centered
      >
        <Stack>
          <Text size="sm">
            Everybody who has the link reads the report without signing in: browsers show a page with its chart, its
            table and the CSV file, and programs get JSON. The link ends when the report is changed.
          </Text>
          {report.share_expires_at !== null && (
            <Text size="sm">
              There is a link until <Time at={report.share_expires_at} />. Another one ends it.
            </Text>
          )}
          <NumberInput
            label="Days until it ends"
            min={1}
            max={DAYS.max}
            hideControls
            value={days}
            onChange={(value) => setDays(Number(value))}
            maw={200}
          />
          {url !== undefined && (
            <>
              <Text size="sm" fw={500}>
                Copy the link now: it is not shown again.
              </Text>
              <CodeBlock label="Copy the link" code={url} />
            </>
          )}
          {fault && <FaultAlert>{describeError(fault).text}</FaultAlert>}
          <Group justify="flex-end">
            {isShared && (
              <Button variant="default" onClick={() => end.mutate()} loading={end.isPending}>
                Revoke the link
              </Button>
            )}
            <Button
              onClick={() => share.mutate()}
              loading={share.isPending}
              disabled={!(days >= 1 && days <= DAYS.max)}
            >
              {isShared ? 'Make another link' : 'Make a link'}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

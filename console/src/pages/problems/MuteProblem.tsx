import { Button, Group, Modal, Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { ProblemDetails } from '../../api/problems.ts';
import { useSession } from '../../api/use-session.ts';
import { describeError } from '../../parts/ErrorState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { formatTime } from '../../parts/format-time.ts';
import { useMark } from './ProblemPage.tsx';

const HOUR_MS = 3_600_000;
const TIMES = [
  { hours: '1', word: 'One hour' },
  { hours: '8', word: 'Eight hours' },
  { hours: '24', word: 'One day' },
  { hours: '168', word: 'One week' },
] as const;

/** Nobody needs to know of it for some time; then it is open again. */
export function MuteProblem({ problem }: { problem: ProblemDetails }) {
  const [isOpen, setOpen] = useState(false);
  const [hours, setHours] = useState('8');
  const { account } = useSession();
  const mark = useMark(problem.id);
  const until = new Date(Date.now() + Number(hours) * HOUR_MS);
  const mute = () =>
    mark.mutate({ state: 'muted', muted_until: until.toISOString() }, { onSuccess: () => setOpen(false) });
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Mute…
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title="Mute the problem" centered>
        <Stack>
          <Radio.Group label="For how long" value={hours} onChange={setHours}>
            <Stack gap="xs" mt="xs">
              {TIMES.map((time) => (
                <Radio key={time.hours} value={time.hours} label={time.word} />
              ))}
            </Stack>
          </Radio.Group>
          <Text size="sm" c="dimmed">
            It is open again at {formatTime(until, { zone: account.time_zone, now: new Date() })}, if it still happens.
          </Text>
          {mark.error && <FaultAlert>{describeError(mark.error).text}</FaultAlert>}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setOpen(false)}>
              Cancel
            </Button>
            <Button onClick={mute} loading={mark.isPending}>
              Mute the problem
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

import { Button, Checkbox, Group, Loader, Modal, Select, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { latestJobsQuery } from '../../api/jobs.ts';
import type { ProblemDetails, Retried } from '../../api/problems.ts';
import { useSession } from '../../api/use-session.ts';
import { describeError } from '../../parts/ErrorState.tsx';
import { FaultAlert } from '../../parts/FaultAlert.tsx';
import { formatCount } from '../../parts/format-number.ts';
import { type RetryTime, rangeOf } from './day-range.ts';
import { countLeads, countProblem, countTried, nameOf, PLANS } from './problem-words.ts';
import classes from './problems.module.css';

const TIMES: readonly { value: RetryTime; label: string }[] = [
  { value: 'all', label: 'All failures of 30 days' },
  { value: 'yesterday', label: 'Yesterday' },
  { value: 'today', label: 'Today' },
  { value: 'last_24_hours', label: 'The last 24 hours' },
];

/** First counts the leads, then tries them again. */
export function RetryAffected({ problem }: { problem: ProblemDetails }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Retry affected leads…</Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title="Retry affected leads" centered size="lg">
        {isOpen && <RetryForm problem={problem} close={() => setOpen(false)} />}
      </Modal>
    </>
  );
}

interface Asked {
  time: RetryTime;
  isAgain: boolean;
  /** Where the last call stopped. */
  afterId: string | undefined;
}

function RetryForm({ problem, close }: { problem: ProblemDetails; close: () => void }) {
  const { account } = useSession();
  const queries = useQueryClient();
  const [asked, setAsked] = useState<Asked>({ time: 'all', isAgain: false, afterId: undefined });
  const call = (isPreview: boolean) =>
    api.retryProblem(problem.id, {
      ...{ preview: isPreview, again: asked.isAgain },
      ...rangeOf(asked.time, { zone: account.time_zone, now: Date.now() }),
      ...(asked.afterId !== undefined && { after_id: asked.afterId }),
    });
  const preview = useQuery({
    queryKey: ['problems', 'retry', problem.id, asked],
    queryFn: () => call(true),
    gcTime: 0,
  });
  const send = useMutation({
    mutationFn: () => call(false),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: latestJobsQuery.queryKey }),
        queries.invalidateQueries({ queryKey: ['retries'] }),
      ]),
  });
  const tried = preview.data ? countTried(preview.data) : 0;
  if (send.data)
    return (
      <Done
        result={send.data}
        close={close}
        goOn={(afterId) => {
          setAsked({ ...asked, afterId });
          send.reset();
        }}
      />
    );
  return (
    <Stack>
      <Text>
        {problem.kind === 'delivery'
          ? `Leads whose delivery to ${nameOf(problem.recipient)} failed are tried again on the flow as it is published now.`
          : 'The leads go through their flow again as it is published now.'}
      </Text>
      <Select
        label="Failures of"
        description={`Days are of ${account.time_zone}.`}
        data={TIMES}
        value={asked.time}
        onChange={(value) => {
          const time = TIMES.find((each) => each.value === value)?.value;
          if (time) setAsked({ ...asked, time, afterId: undefined });
        }}
        allowDeselect={false}
      />
      <Checkbox
        label="Also leads that were a success or were sent again"
        description="Recipients that took them get them twice."
        checked={asked.isAgain}
        onChange={(event) => setAsked({ ...asked, isAgain: event.currentTarget.checked })}
      />
      <div aria-live="polite">
        {preview.isPending && <Loader size="sm" aria-label="Counting leads" />}
        {preview.error && <FaultAlert>{describeError(preview.error).text}</FaultAlert>}
        {preview.data && <Counts result={preview.data} of={countProblem(problem)} />}
        {send.error && <FaultAlert>{describeError(send.error).text}</FaultAlert>}
      </div>
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button onClick={() => send.mutate()} loading={send.isPending} disabled={tried === 0}>
          {tried === 0 ? 'Nothing to retry' : `Retry ${countLeads(tried)}`}
        </Button>
      </Group>
    </Stack>
  );
}

function Counts({ result, of }: { result: Retried; of?: string }) {
  const { counts } = result;
  const shown = PLANS.filter(({ name }) => (counts[name] ?? 0) > 0);
  return (
    <Stack gap="xs">
      <Text fw={600}>
        {result.scan_truncated_at === undefined ? '' : 'The oldest '}
        {countLeads(counts['leads'] ?? 0)} of this time, {formatCount(countTried(result))} can be retried
        {result.scan_truncated_at === undefined ? '' : ': there are more, which the next retry takes'}
      </Text>
      {of !== undefined && (
        <Text size="sm" c="dimmed">
          The problem has {of} in 30 days. A lead that was tried again has failed more than once, and is retried once.
        </Text>
      )}
      {shown.length > 0 && (
        <ul className={classes['plans']}>
          {shown.map(({ name, word }) => (
            <li key={name}>
              <strong>{counts[name]}</strong> {word}
            </li>
          ))}
        </ul>
      )}
    </Stack>
  );
}

function Done(given: { result: Retried; close: () => void; goOn: (afterId: string) => void }) {
  const { result, close, goOn } = given;
  const afterId = result.scan_truncated_at;
  return (
    <Stack>
      <div role="status">
        <Text>
          {countTried(result) === 0
            ? 'No lead was tried again.'
            : `${countLeads(countTried(result))} are being tried again.`}
          {result.job !== null && ' A job sends them; the bell shows how far it is.'}
        </Text>
        <Counts result={result} />
      </div>
      <Group justify="flex-end">
        {afterId !== undefined && (
          <Button variant="default" onClick={() => goOn(afterId)}>
            Go on with the next
          </Button>
        )}
        <Button onClick={close}>Close</Button>
      </Group>
    </Stack>
  );
}

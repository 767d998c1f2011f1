import { Button, Group } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Job } from '../../../../client/src/client.ts';
import { hasEnded } from '../../api/jobs.ts';
import { EmptyState } from '../../parts/EmptyState.tsx';
import { useAddress } from '../../parts/use-address.ts';

/** In the place of an import that no longer waits: the job has the rest. */
export function ImportEnded({ job }: { job: Job }) {
  const { change } = useAddress();
  return (
    <EmptyState
      title={hasEnded(job) ? 'This import has ended' : 'This import has begun'}
      text="Its job says how far it is and what came of it, and has the rows that were rejected."
    >
      <Group gap="sm">
        <Button component={Link} to={`/jobs/${job.id}`}>
          Open the job
        </Button>
        <Button variant="default" onClick={() => change({ job: undefined })}>
          Import another file
        </Button>
      </Group>
    </EmptyState>
  );
}

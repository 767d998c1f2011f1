import { Anchor, Popover, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { describeJob, isUnderWay, latestJobsQuery, nameJob } from '../api/jobs.ts';
import { OutcomeBadge } from '../parts/OutcomeBadge.tsx';
import { Sentence } from '../parts/Sentence.tsx';
import { Time } from '../parts/Time.tsx';
import { JobsButton } from './JobsBell.tsx';
import classes from './Shell.module.css';
import { useOpenedOnce } from './use-opened-once.ts';

/** The last jobs, with what came of them. */
export function JobsPopover() {
  const { data: jobs, error } = useQuery(latestJobsQuery);
  const { button, opened, setOpened } = useOpenedOnce();
  const running = (jobs ?? []).filter(isUnderWay).length;
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      width="min(320px, calc(100vw - 32px))"
      position="bottom-end"
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <JobsButton ref={button} running={running} onClick={() => setOpened(!opened)} />
      </Popover.Target>
      <Popover.Dropdown aria-label="Jobs">
        {error && (
          <Text size="sm">
            Jobs could not be read: <Sentence text={error.message} />
          </Text>
        )}
        {jobs?.length === 0 && (
          <Text size="sm" c="dimmed">
            No jobs yet. Imports, exports and leads that are sent again show here how far they are.
          </Text>
        )}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the panel needs a place for the focus */}
        <ul className={classes['jobs']} tabIndex={0} aria-label="Latest jobs">
          {jobs?.map((job) => (
            <li key={job.id}>
              <Anchor component={Link} to={`/jobs/${job.id}`} size="sm" onClick={() => setOpened(false)}>
                {nameJob(job)}
              </Anchor>
              <OutcomeBadge status={job.state} />
              <Text size="sm" c="dimmed">
                {describeJob(job)} · <Time at={job.updated_at} />
              </Text>
            </li>
          ))}
        </ul>
        <Anchor component={Link} to="/jobs" size="sm" onClick={() => setOpened(false)}>
          All jobs
        </Anchor>
      </Popover.Dropdown>
    </Popover>
  );
}

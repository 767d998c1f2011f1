import { ActionIcon, Anchor, Popover, Text } from '@mantine/core';
import { IconBell } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { describeJob, isUnderWay, latestJobsQuery, nameJob } from '../api/jobs.ts';
import { useMay } from '../api/use-session.ts';
import { OutcomeBadge } from '../parts/OutcomeBadge.tsx';
import { Time } from '../parts/Time.tsx';
import classes from './Shell.module.css';

/** How many jobs are under way, and the last ones with what came of them. */
export function JobsBell() {
  const mayRead = useMay('jobs.read');
  const [isOpen, setOpen] = useState(false);
  const { data: jobs, error } = useQuery({ ...latestJobsQuery, enabled: mayRead });
  if (!mayRead) return null;
  const running = (jobs ?? []).filter(isUnderWay).length;
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      width="min(320px, calc(100vw - 32px))"
      position="bottom-end"
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          c="dimmed"
          size={32}
          aria-label={`Jobs, ${running} under way`}
          onClick={() => setOpen((before) => !before)}
        >
          <IconBell size={18} aria-hidden />
          {running > 0 && <span className={classes['count']}>{running}</span>}
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label="Jobs">
        {error && <Text size="sm">Jobs could not be read: {error.message}</Text>}
        {jobs?.length === 0 && (
          <Text size="sm" c="dimmed">
            No jobs yet. Imports, exports and leads that are sent again show here how far they are.
          </Text>
        )}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the panel needs a place for the focus */}
        <ul className={classes['jobs']} tabIndex={0} aria-label="Latest jobs">
          {jobs?.map((job) => (
            <li key={job.id}>
              <Anchor component={Link} to={`/jobs/${job.id}`} size="sm" onClick={() => setOpen(false)}>
                {nameJob(job)}
              </Anchor>
              <OutcomeBadge status={job.state} />
              <Text size="sm" c="dimmed">
                {describeJob(job)} · <Time at={job.updated_at} />
              </Text>
            </li>
          ))}
        </ul>
        <Anchor component={Link} to="/jobs" size="sm" onClick={() => setOpen(false)}>
          All jobs
        </Anchor>
      </Popover.Dropdown>
    </Popover>
  );
}

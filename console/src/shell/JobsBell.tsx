import { ActionIcon } from '@mantine/core';
import { IconBell } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ComponentProps, lazy, Suspense, useState } from 'react';
import { isUnderWay, latestJobsQuery } from '../api/jobs.ts';
import { useMay } from '../api/use-session.ts';
import classes from './Shell.module.css';

const load = () => import('./JobsPopover.tsx').then(({ JobsPopover }) => ({ default: JobsPopover }));
const JobsPopover = lazy(load);

/** How many jobs are under way; the last ones, which are loaded when they are wanted. */
export function JobsBell() {
  const mayRead = useMay('jobs.read');
  const { data: jobs } = useQuery({ ...latestJobsQuery, enabled: mayRead });
  const [isWanted, setWanted] = useState(false);
  if (!mayRead) return null;
  const running = (jobs ?? []).filter(isUnderWay).length;
  const button = <JobsButton running={running} onClick={() => setWanted(true)} onPointerEnter={load} onFocus={load} />;
  return isWanted ? (
    <Suspense fallback={button}>
      <JobsPopover />
    </Suspense>
  ) : (
    button
  );
}

export function JobsButton({ running, ...given }: ComponentProps<typeof ActionIcon<'button'>> & { running: number }) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      c="dimmed"
      size={32}
      aria-label={`Jobs, ${running} under way`}
      aria-haspopup="dialog"
      {...given}
    >
      <IconBell size={18} aria-hidden />
      {running > 0 && <span className={classes['count']}>{running}</span>}
    </ActionIcon>
  );
}

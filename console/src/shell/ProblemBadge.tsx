import { useQuery } from '@tanstack/react-query';
import { problemCountQuery } from '../api/problems.ts';
import classes from './Shell.module.css';

/** How many are open; nothing when none is. */
export function ProblemBadge() {
  const { data: count = 0 } = useQuery(problemCountQuery);
  if (count === 0) return null;
  return (
    <span className={classes['problems']}>
      {count}
      <span className={classes['unseen']}> open</span>
    </span>
  );
}

import classes from './OutcomeBadge.module.css';
import { findLook } from './statuses.ts';

/** An outcome or a state as icon, word and color; `status` is the word of the API, `word` another one to show. */
export function OutcomeBadge({ status, word }: { status: string; word?: string }) {
  const { icon: Icon, tone, word: usual } = findLook(status);
  return (
    <span className={classes['badge']} data-tone={tone}>
      <Icon size={14} stroke={2.5} aria-hidden />
      {word ?? usual}
    </span>
  );
}

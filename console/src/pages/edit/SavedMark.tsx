import { IconCheck, IconCloudOff, IconEye, IconGitMerge, IconLoader2 } from '@tabler/icons-react';
import type { DraftState } from '../../editor/draft/draft-store.ts';
import classes from './edit.module.css';

const LOOKS: Readonly<Record<DraftState, { word: string; tone: string; icon: typeof IconCheck }>> = {
  live: { word: 'No draft', tone: 'plain', icon: IconCheck },
  saving: { word: 'Saving…', tone: 'plain', icon: IconLoader2 },
  saved: { word: 'Draft saved', tone: 'plain', icon: IconCheck },
  offline: { word: 'Not saved', tone: 'error', icon: IconCloudOff },
  conflict: { word: 'Conflict', tone: 'error', icon: IconGitMerge },
  'read-only': { word: 'Read only', tone: 'plain', icon: IconEye },
};

interface SavedMarkProps {
  state: DraftState;
  /** Why it is not saved. */
  problem?: string | null;
  /** Screen readers say it when it changes; of two marks on a page only one is said. */
  isSaid?: boolean;
}

/** Is what was changed on the server? */
export function SavedMark({ state, problem = null, isSaid = false }: SavedMarkProps) {
  const { word, tone, icon: Icon } = LOOKS[state];
  const title = state === 'read-only' ? 'Your role lacks the permission flows.write.' : (problem ?? undefined);
  return (
    <span className={classes['saved']} data-tone={tone} title={title} {...(isSaid && { role: 'status' })}>
      <Icon size={16} aria-hidden />
      {word}
    </span>
  );
}

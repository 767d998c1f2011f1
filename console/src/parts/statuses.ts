import {
  IconAlertTriangle,
  IconBellOff,
  IconCheck,
  IconCircleDotted,
  IconEye,
  IconMinus,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconX,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';

export type Tone = 'success' | 'failure' | 'error' | 'skip' | 'retry' | 'running';

export interface StatusLook {
  word: string;
  /** Names a pair of colors of theme/tokens.css. */
  tone: Tone;
  icon: ComponentType<{ size: number; stroke: number; 'aria-hidden'?: boolean }>;
}

/** Outcomes of leads and events, and states of jobs, by the words of the API. A failure is normal; an error is not. */
const LOOKS: Readonly<Record<string, StatusLook>> = {
  success: { word: 'Success', tone: 'success', icon: IconCheck },
  failure: { word: 'Failure', tone: 'failure', icon: IconX },
  error: { word: 'Error', tone: 'error', icon: IconAlertTriangle },
  skip: { word: 'Skipped', tone: 'skip', icon: IconMinus },
  continue: { word: 'Passed', tone: 'success', icon: IconCheck },
  stop: { word: 'Stopped', tone: 'failure', icon: IconX },
  retry: { word: 'Retry', tone: 'retry', icon: IconRefresh },
  queued: { word: 'Queued', tone: 'skip', icon: IconCircleDotted },
  running: { word: 'Running', tone: 'running', icon: IconPlayerPlay },
  waiting: { word: 'Waits for you', tone: 'error', icon: IconAlertTriangle },
  paused: { word: 'Paused', tone: 'skip', icon: IconPlayerPause },
  done: { word: 'Done', tone: 'success', icon: IconCheck },
  done_with_failures: { word: 'Done with failures', tone: 'error', icon: IconAlertTriangle },
  cancelled: { word: 'Cancelled', tone: 'skip', icon: IconMinus },
  passed: { word: 'Passed', tone: 'success', icon: IconCheck },
  stopped: { word: 'Stopped', tone: 'failure', icon: IconX },
  unknown: { word: 'Unknown', tone: 'error', icon: IconAlertTriangle },
  retry_pending: { word: 'Retry pending', tone: 'retry', icon: IconRefresh },
  disabled: { word: 'Disabled', tone: 'skip', icon: IconMinus },
  'not reached': { word: 'Not reached', tone: 'skip', icon: IconMinus },
  open: { word: 'Open', tone: 'error', icon: IconAlertTriangle },
  acknowledged: { word: 'Acknowledged', tone: 'running', icon: IconEye },
  muted: { word: 'Muted', tone: 'skip', icon: IconBellOff },
  resolved: { word: 'Resolved', tone: 'success', icon: IconCheck },
  failed: { word: 'Failed', tone: 'failure', icon: IconX },
};

/** A word that is not known is shown as it is. */
export function findLook(status: string): StatusLook {
  return LOOKS[status] ?? { word: status, tone: 'skip', icon: IconMinus };
}

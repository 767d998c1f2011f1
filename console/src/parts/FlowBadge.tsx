import type { FlowState } from '../api/flows.ts';
import { OutcomeBadge } from './OutcomeBadge.tsx';

const LOOKS: Readonly<Record<FlowState, { status: string; word: string }>> = {
  live: { status: 'success', word: 'On' },
  off: { status: 'paused', word: 'Off' },
  test: { status: 'queued', word: 'Never published' },
};

/** Does a flow, or a source of one, take leads? */
export function FlowBadge({ state }: { state: FlowState }) {
  return <OutcomeBadge {...LOOKS[state]} />;
}

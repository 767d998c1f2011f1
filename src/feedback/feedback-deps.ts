import type { EventStore } from '../events/event-store.ts';
import type { FindRevision } from '../events/revisions.ts';
import type { PhaseDeps } from '../pipeline/phase.ts';
import type { TestStepDeps } from '../pipeline/test-step.ts';
import type { FeedbackStore } from './feedback-store.ts';
import type { RelayPlaces } from './relay-places.ts';

/** What feedback is taken, relayed and decided with. */
export interface FeedbackDeps extends Omit<TestStepDeps, 'timeoutMs'> {
  feedback: FeedbackStore;
  relays: RelayPlaces;
  /** Of the database itself: what they return is judged. */
  events: Pick<EventStore, 'findLead' | 'findDeliveries'>;
  findRevision: FindRevision;
  /** Flows as deployed. */
  findFlow: PhaseDeps['findFlow'];
}

import { MISBEHAVIOURS, type Misbehaviour } from '../../test/faults/misbehaviours.ts';
import { code, generatedPage, table } from './markdown.ts';

/** `docs/reference/faults.md`. */
export function faultsReference(): string {
  const introduction =
    'What becomes of a delivery when its recipient misbehaves; every row is a test with a real server. *Unknown*: the recipient may have the lead, so it is not sent again by itself ([deliveries](../guides/deliveries.md#when-a-recipient-is-slow-or-away)). HOST is the recipient’s host and port. The deliveries of this table look for `success` in the property `outcome` of the answer and for a reason in `reason`.';
  const rows = MISBEHAVIOURS.map((row) => [
    row.does,
    row.outcome,
    row.isUnknown ? 'yes' : 'no',
    row.reason === null ? '' : code(row.reason),
    ANSWERS[row.answer],
  ]);
  return generatedPage('Faults of recipients', {
    from: 'test/faults/misbehaviours.ts',
    introduction,
    body: table(['A recipient that …', 'Event', 'Unknown', 'Reason', 'Answer on the event'], rows),
  });
}

const ANSWERS: Readonly<Record<Misbehaviour['answer'], string>> = {
  none: 'none',
  whole: 'whole',
  cut: 'what was read, at most 1 MiB; `truncated: true`',
};

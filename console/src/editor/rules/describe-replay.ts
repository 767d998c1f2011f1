import type { Replay } from '../../../../client/src/client.ts';

/** What a replay found, in one sentence. */
export function describeReplay({ leads, flipped }: Pick<Replay, 'leads' | 'flipped'>): string {
  if (leads === 0) return 'There is no lead yet to try this on.';
  const of = leads === 1 ? 'the last lead' : `the last ${leads} leads`;
  if (flipped === 0) return leads === 1 ? 'The last lead would end as it did.' : `None of ${of} would end otherwise.`;
  if (leads === 1) return 'The last lead would end otherwise.';
  return `${flipped} of ${of} would end otherwise.`;
}

/** What is to be known of the count: leads that are not in it, answers that are assumed. */
export function listCaveats({
  not_replayed: left,
  assumed,
  stopped_early: isCut,
}: Pick<Replay, 'not_replayed' | 'assumed' | 'stopped_early'>): string[] {
  return [
    ...(isCut ? ['The time was up before all of them were looked at.'] : []),
    ...(left > 0
      ? [
          `${left} more ${left === 1 ? 'lead is' : 'leads are'} left out: what ${left === 1 ? 'it was' : 'they were'} sent as is not kept any more.`,
        ]
      : []),
    ...(assumed > 0
      ? [
          `${assumed} came to a recipient that did not answer ${assumed === 1 ? 'it' : 'them'} then; it is taken to accept.`,
        ]
      : []),
  ];
}

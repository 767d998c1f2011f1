import type { Risk } from './find-risks.ts';
import type { ChangeRow } from './list-change-rows.ts';

/**
 * What a change does to leads, by its kind alone: for what is no risk (find-risks.ts). Nothing simulates one change by itself, since
 * what the others do depends on it.
 */
export function describeEffect({ action, change: { path } }: ChangeRow): Risk {
  const found = EFFECTS.find(({ of, at }) => path.includes(of) && isAt(path, { of, at }));
  return { level: 'note', text: found?.says[action] ?? NOT_SIMULATED };
}

const NOT_SIMULATED = 'Not simulated by itself: the last leads are replayed with all changes together.';

function isAt(path: readonly (string | number)[], { of, at }: Pick<Effect, 'of' | 'at'>): boolean {
  return at === undefined || (at === 'flow' ? path.length === 1 : path.at(-2) === of);
}

interface Effect {
  /** The property of a flow, a source or a step. */
  of: string;
  /** Only of one of the list, not of what is in it; only of the flow itself. */
  at?: 'member' | 'flow' | undefined;
  says: Partial<Record<ChangeRow['action'], string>>;
}

/** What is deeper comes first: the rules of a price are of the price. */
const EFFECTS: readonly Effect[] = [
  {
    of: 'hours_of_operation',
    says: {
      added: 'Leads that come outside these hours are refused.',
      changed: 'Leads that come outside the new hours are refused.',
      removed: 'Leads are taken at any time, as far as these hours go.',
    },
  },
  {
    of: 'pricing',
    says: {
      added: 'Leads are counted at this price from then on.',
      changed: 'Leads are counted at the new price from then on.',
      removed: 'Leads are counted without this price from then on.',
    },
  },
  {
    of: 'caps',
    at: 'member',
    says: { added: 'What is beyond it is not taken until its time begins anew.' },
  },
  {
    of: 'list_checks',
    says: {
      added: 'Leads are looked up in the list. A rule on what is found turns them away.',
      removed: 'Leads are not looked up any more.',
    },
  },
  {
    of: 'acceptance_criteria',
    says: {
      added: 'Leads that do not meet them are refused.',
      removed: 'Leads are taken that this refused.',
    },
  },
  {
    of: 'mappings',
    says: { added: 'Requests have it.', changed: 'Requests have the new value.', removed: 'Requests lack it.' },
  },
  {
    of: 'steps',
    at: 'member',
    says: { added: 'Leads come to it from then on.', moved: 'Leads come to it in another place.' },
  },
  { of: 'sources', at: 'member', says: { added: 'It can send leads from then on. Its senders need its URL.' } },
  { of: 'fields', at: 'member', says: { added: 'Leads keep it from then on.' } },
  { of: 'name', at: 'flow', says: { changed: 'A name alone: leads go as before.' } },
  {
    of: 'description',
    says: { added: 'Words alone: leads go as before.', changed: 'Words alone: leads go as before.' },
  },
];

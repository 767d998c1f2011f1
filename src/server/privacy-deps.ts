import type { PrivacyDeps } from '../jobs/privacy-deps.ts';
import { normalForm } from '../keeping/person.ts';
import { listForm, normaliseListValue } from '../lists/normalise-list-value.ts';
import { createListStore } from '../store/postgres/lists.ts';
import { createPrivacyStore } from '../store/postgres/privacy.ts';
import type { ServerParts } from './server-parts.ts';

/** What persons are erased and exported with. */
export function buildPrivacyDeps({ pool, secretBox, phases }: ServerParts): PrivacyDeps {
  const lists = createListStore(pool);
  return {
    ...createPrivacyStore(pool, secretBox, phases.hashListValue),
    findLists: async (accountId, person) => {
      const all = await lists.list({ accountId, now: phases.clock.now() });
      const asked = all.flatMap((list) => {
        const form = normaliseListValue(normalForm(person), listForm(list));
        return form === '' ? [] : [{ list, value: phases.hashListValue(form) }];
      });
      const times = await lists.look({ accountId, asked, now: phases.clock.now() });
      return asked.filter((_, index) => typeof times[index] === 'number').map(({ list }) => list.name);
    },
  };
}

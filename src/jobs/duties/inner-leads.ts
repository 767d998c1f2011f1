import type { EveryRow } from '../job-row.ts';

export const innerLeads: EveryRow = {
  name: 'inner-leads',
  does: 'Says what became of deliveries to other flows of this installation whose end was lost: it looks whether the other flow has the lead.',
  when: 'every',
  everyMs: 2_000,
  where: 'each node',
  timeoutMs: 30_000,
  run: async ({ resolveInnerLeads }) => {
    const resolved = await resolveInnerLeads();
    return resolved === 0 ? undefined : { resolved };
  },
};

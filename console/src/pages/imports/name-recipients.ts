import type { AccountEntity } from '../../api/partners.ts';

type Named = Pick<AccountEntity, 'id' | 'name' | 'recipient' | 'flow_ids'>;

/** Recipients to choose from. Those that have the same name are told apart by the flows they are in, else by their id. */
export function nameRecipients(
  entities: readonly Named[],
  flows: ReadonlyMap<string, string>,
): { value: string; label: string }[] {
  const recipients = entities.filter(({ recipient }) => recipient !== null);
  const counts = new Map<string, number>();
  for (const { name } of recipients) counts.set(name, (counts.get(name) ?? 0) + 1);
  return recipients.map(({ id, name, flow_ids: flowIds }) => {
    if (counts.get(name) === 1) return { value: id, label: name };
    const [first, ...more] = flowIds.map((flowId) => flows.get(flowId) ?? flowId);
    const place = first === undefined ? id : more.length === 0 ? first : `${first} and ${more.length} more`;
    return { value: id, label: `${name} (${place})` };
  });
}

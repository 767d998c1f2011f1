const KEY = 'sluice-recent-leads';
const RECENT_MAX = 5;
const ID = /^[0-9a-f]{24}$/;

/** Ids of the leads that were looked at last in this browser, newest first; nothing else of them is kept. */
export function readRecentLeads(userId: string, storage: Pick<Storage, 'getItem'>): string[] {
  const [owner, ...ids] = (storage.getItem(KEY) ?? '').split(' ');
  return owner === userId ? ids.filter((id) => ID.test(id)).slice(0, RECENT_MAX) : [];
}

export function noteRecentLead(id: string, { userId, storage }: { userId: string; storage: Storage }): void {
  if (!ID.test(id)) return;
  const others = readRecentLeads(userId, storage).filter((each) => each !== id);
  storage.setItem(KEY, [userId, id, ...others].slice(0, RECENT_MAX + 1).join(' '));
}

import { RETRY_STATES, type RetryFilter, type UnknownFilter } from '../../api/deliveries.ts';

const ID = /^[0-9a-f]{24}$/;

export function readRetrySearch(search: Record<string, unknown>): RetryFilter {
  const status = ['all' as const, ...RETRY_STATES].find((each) => each === search['status']);
  return { ...(status !== undefined && { status }), ...readPage(search) };
}

export function readUnknownSearch(search: Record<string, unknown>): UnknownFilter {
  const { resolved } = search;
  return { ...((resolved === true || resolved === 'true') && { resolved: true as const }), ...readPage(search) };
}

function readPage(search: Record<string, unknown>): { recipient_id?: string; before_id?: string } {
  const idOf = (name: string) => {
    const given = search[name];
    return typeof given === 'string' && ID.test(given) ? { [name]: given } : {};
  };
  return { ...idOf('recipient_id'), ...idOf('before_id') };
}

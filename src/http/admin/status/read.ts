import { answer, type PublicHandler } from '../../api.ts';

/**
 * `GET /status`: that this is a Sluice, which one, that it answers, and why it takes no leads when it does not. `npm
 * start` reads it to tell who has a port.
 */
export const readStatus: PublicHandler = async (deps) => {
  const reason = deps.whyNoLeads();
  const status = reason === undefined ? { status: 'ok' } : { status: 'no_leads', reason };
  return answer(200, { product: 'sluice', version: deps.version, ...status, pid: deps.processId });
};

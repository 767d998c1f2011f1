import { answer, type PublicHandler } from '../../api.ts';

/** `GET /status`: that this is a Sluice, which one, and that it answers. `npm start` reads it to tell who has a port. */
export const readStatus: PublicHandler = async (deps) =>
  answer(200, { product: 'sluice', version: deps.version, status: 'ok', pid: deps.processId });

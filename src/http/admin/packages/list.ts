import { answer, type Handler } from '../../api.ts';
import { packageAnswer } from './package-answer.ts';

/** `GET /packages`: the integration packages of this server. */
export const listPackages: Handler = async ({ catalogue }) => answer(200, catalogue.packages().map(packageAnswer));

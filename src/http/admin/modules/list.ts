import { answer, type Handler } from '../../api.ts';
import { givenByQuery, list, oneOf, parseParameters } from '../../parameters.ts';
import { moduleAnswer } from './module-answer.ts';

const PARAMETERS = { type: oneOf(['inbound', 'outbound']), package: list() };

/** `GET /modules`: what flows can take leads with and deliver them with. */
export const listModules: Handler = async ({ catalogue }, { query }) => {
  const parsed = parseParameters(PARAMETERS, givenByQuery(query));
  if (!parsed.ok) return parsed.error;
  const { type, package: packages } = parsed.value;
  const wanted = catalogue
    .modules()
    .filter(({ module }) => type === undefined || module.direction === type)
    .filter(({ of }) => packages === undefined || packages.includes(of.id));
  return answer(200, wanted.map(moduleAnswer));
};

import { answer, type Handler } from '../../api.ts';
import { apiError } from '../../errors.ts';
import { moduleAnswer } from './module-answer.ts';

const UNKNOWN_MODULE = apiError('not_found', 'There is no such module: GET /modules lists them.');

/** `GET /modules/{id}`. */
export const readModule: Handler = async ({ catalogue }, { params }) => {
  const found = catalogue.modules().find(({ module }) => module.id === params['id']);
  return found ? answer(200, moduleAnswer(found)) : UNKNOWN_MODULE;
};

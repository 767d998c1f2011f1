import { answer, type Handler } from '../../api.ts';
import { moduleAnswer } from '../modules/module-answer.ts';
import { packageAnswer, UNKNOWN_PACKAGE } from './package-answer.ts';

/** `GET /packages/{id}`: one of them, with its modules. */
export const readPackage: Handler = async ({ catalogue }, { params }) => {
  const found = catalogue.packages().find(({ id }) => id === params['id']);
  if (!found) return UNKNOWN_PACKAGE;
  const modules = catalogue.modules().filter(({ of }) => of.id === found.id);
  return answer(200, { ...packageAnswer(found), modules: modules.map(moduleAnswer) });
};

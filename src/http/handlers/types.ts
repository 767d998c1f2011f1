import { FIELD_TYPES } from '../../field-types/field-types.ts';
import { type ApiResult, answer } from '../api.ts';

/** `GET /types`: the data types, with the components and rule operators each offers (spec api 11.2). */
export async function listTypes(): Promise<ApiResult> {
  return answer(200, TYPES);
}

const TYPES = FIELD_TYPES.map((type) => ({
  name: type.name,
  components: type.components
    .filter((component) => !component.deprecated)
    .map(({ name, type: componentType, description }) => ({ name, type: componentType, description })),
  operators: type.operators,
  maskable: type.isMaskable,
}));

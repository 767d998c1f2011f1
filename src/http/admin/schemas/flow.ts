import { buildEditorSchema } from '../../../flows/build-flow-schema.ts';
import { answer, type PublicHandler } from '../../api.ts';

const SCHEMA = answer(200, buildEditorSchema());

/** `GET /schemas/flow.json`: the JSON Schema of Flow documents. The same for everybody, so editors need no key. */
export const readFlowSchema: PublicHandler = async () => SCHEMA;

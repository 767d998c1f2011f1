import { Type } from 'typebox';
import { buildEditorSchema, FLOW_SCHEMA_PATH } from '../../flows/build-flow-schema.ts';
import { linkDocs } from '../../flows/link-docs.ts';
import { answer } from '../api.ts';
import { route } from '../route.ts';

const SCHEMA = answer(200, linkDocs(buildEditorSchema()));

/** The JSON Schema of Flow documents. The same for everybody, so editors need no key. */
export const SCHEMA_ROUTES = [
  route({
    name: 'readFlowSchema',
    method: 'GET',
    path: FLOW_SCHEMA_PATH,
    permission: 'public',
    answers: { 200: Type.Object({}, { description: 'A JSON Schema.' }) },
    doc: {
      summary: 'The JSON Schema of Flow documents (draft 2020-12), for editors: [flow-document.md](flow-document.md).',
    },
    handler: async () => SCHEMA,
  }),
] as const;

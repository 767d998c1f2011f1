/** A JSON Schema as OpenAPI 3.1 has it, as far as the pages read it. */
export interface Schema {
  $ref?: string;
  type?: string;
  description?: string;
  format?: string;
  enum?: readonly unknown[];
  const?: unknown;
  examples?: readonly unknown[];
  readOnly?: boolean;
  required?: readonly string[];
  properties?: Readonly<Record<string, Schema>>;
  patternProperties?: Readonly<Record<string, Schema>>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  anyOf?: readonly Schema[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minProperties?: number;
  maxProperties?: number;
  /** What depends on other properties; it is said in words alone. */
  allOf?: unknown;
  dependentSchemas?: unknown;
}

/** By the name of a component: `Flow.Source`. */
export type Schemas = Readonly<Record<string, Schema>>;

export interface Parameter {
  name: string;
  in: string;
  isRequired: boolean;
  schema: Schema;
}

/** A body or an answer in one media type. */
export interface Content {
  type: string;
  schema: Schema;
  /** undefined: the document has none. */
  example: unknown;
}

/** What an error says, by its code or by the name it has in the document. */
export interface Failure {
  code: string;
  type: string;
  body: unknown;
}

export interface Answer {
  status: string;
  text: string;
  contents: readonly Content[];
  failures: readonly Failure[];
}

/** One route of the API. */
export interface Operation {
  /** Of the route, and of the method of the client: `listLeads`. */
  name: string;
  method: string;
  /** `/leads/{id}` */
  path: string;
  summary: string;
  description: string | undefined;
  /** `leads.read`; `public`: nothing is asked for; `session`: a person who is signed in. */
  permission: string;
  parameters: readonly Parameter[];
  /** undefined: it takes none. */
  body: { isRequired: boolean; contents: readonly Content[] } | undefined;
  answers: readonly Answer[];
}

export interface OperationGroup {
  label: string;
  operations: readonly Operation[];
}

/** The API as the server describes it. */
export interface Reference {
  version: string;
  groups: readonly OperationGroup[];
  operations: readonly Operation[];
  schemas: Schemas;
}

/** OpenAPI, as far as it is read here (src/http/build-openapi.ts writes it). */
interface OpenApi {
  info: { version: string };
  paths: Record<string, Record<string, RawOperation>>;
  components: { schemas: Schemas; examples: Record<string, { value: unknown }> };
}

interface RawOperation {
  operationId: string;
  tags: [string];
  summary: string;
  description?: string;
  'x-permission': string;
  parameters: { name: string; in: string; required: boolean; schema: Schema }[];
  requestBody?: { required: boolean; content: Record<string, RawContent> };
  responses: Record<string, { description: string; content?: Record<string, RawContent> }>;
}

interface RawContent {
  schema: Schema;
  example?: unknown;
  examples?: Record<string, { value: unknown } | { $ref: string }>;
}

/** What `GET /openapi.json` returns, as the pages show it: groups and operations are in the order of the document. */
export function readReference(document: Record<string, unknown>): Reference {
  // The server that handed out this page wrote the document; a test reads all of it.
  const { info, paths, components } = document as unknown as OpenApi;
  const groups = new Map<string, Operation[]>();
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, raw] of Object.entries(methods)) {
      const group = groups.get(raw.tags[0]) ?? [];
      groups.set(raw.tags[0], group);
      group.push(readOperation(raw, { method: method.toUpperCase(), path, examples: components.examples }));
    }
  }
  return {
    version: info.version,
    groups: [...groups].map(([tag, operations]) => ({ label: labelGroup(tag), operations })),
    operations: [...groups.values()].flat(),
    schemas: components.schemas,
  };
}

/** `api_keys`: API keys. */
function labelGroup(tag: string): string {
  const words = tag.replaceAll('_', ' ').replace(/^api\b/, 'API');
  return words.includes('.') ? words : words.charAt(0).toUpperCase() + words.slice(1);
}

type Examples = OpenApi['components']['examples'];

function readOperation(raw: RawOperation, place: { method: string; path: string; examples: Examples }): Operation {
  const { method, path, examples } = place;
  const { operationId, summary, description, parameters, requestBody, responses } = raw;
  return {
    ...{ name: operationId, method, path, summary, description, permission: raw['x-permission'] },
    parameters: parameters.map(({ required, ...parameter }) => ({ ...parameter, isRequired: required })),
    body: requestBody && { isRequired: requestBody.required, contents: listContents(requestBody.content) },
    answers: Object.entries(responses).map(([status, { description: text, content = {} }]) => ({
      ...{ status, text, contents: listContents(content) },
      failures: listFailures(content, examples),
    })),
  };
}

function listContents(content: Record<string, RawContent>): Content[] {
  return Object.entries(content).map(([type, { schema, example }]) => ({ type, schema, example }));
}

const EXAMPLE = '#/components/examples/';

function listFailures(content: Record<string, RawContent>, shared: Examples): Failure[] {
  return Object.entries(content).flatMap(([type, { examples = {} }]) =>
    Object.entries(examples).map(([code, example]) => {
      const found = '$ref' in example ? shared[example.$ref.slice(EXAMPLE.length)] : example;
      return { code, type, body: found?.value };
    }),
  );
}

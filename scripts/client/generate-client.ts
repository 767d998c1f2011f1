import { buildEditorSchema } from '../../src/flows/build-flow-schema.ts';
import { ERRORS } from '../../src/http/errors.ts';
import { type DocumentedRoute, takesBody } from '../../src/http/route.ts';
import { DOCUMENTED_ROUTES } from '../../src/http/routes.ts';
import { bracketed, createTypeWriter, oneLine, type Schema, type TypeWriter } from './type-writer.ts';

/**
 * `client/src/generated.ts`: the table of routes, and the types of what they take and answer. Leads are submitted by POST
 * alone: the client sends a GET again, and a lead is never repeated.
 */
export function generateClient(): string {
  const rows = DOCUMENTED_ROUTES.filter(({ isIngest, method }) => !isIngest || method === 'POST');
  return writeClient(rows, Object.keys(ERRORS));
}

function writeClient(rows: readonly DocumentedRoute[], errorCodes: readonly string[]): string {
  // Flow documents have a parser of their own, so their schema is not in the rows.
  const types = createTypeWriter({ Flow: schemaOf(buildEditorSchema()) });
  const methods = rows.map((row) => writeMethod(row, types));
  const queries = rows.flatMap((row) => queryType(row, types));
  return `${[
    '// Generated from the rows of src/http/routes by "npm run docs"; see scripts/client/generate-client.ts.',
    "import type { CallOptions, FileBody } from './call-options.ts';",
    '',
    '/** Every error code of the API; docs/reference/errors.md says what each means. */',
    `export type ErrorCode =${errorCodes.map((code) => `\n  | '${code}'`).join('')};`,
    '',
    '/** One entry of the table: how the route is asked, and by which property its pages go on. */',
    'export const ROUTES = {',
    ...rows.map(tableRow),
    '} as const;',
    '',
    '/** A method of a paged list: one page, or with `each` all entries, page after page. */',
    'export interface PagedCall<Query, Entry, Params extends string[] = []> {',
    '  (...given: [...params: Params, query?: Query, options?: CallOptions]): Promise<Entry[]>;',
    '  each(...given: [...params: Params, query?: Query, options?: CallOptions]): AsyncIterable<Entry>;',
    '}',
    '',
    '/** A method for every route: parameters of the path, the body, the query, options. */',
    'export interface Calls {',
    ...methods,
    '}',
    ...queries.flatMap((text) => ['', text]),
    ...types.declarations().flatMap((text) => ['', text]),
  ].join('\n')}\n`;
}

function tableRow(row: DocumentedRoute): string {
  const { name, method, path } = row;
  const pagesBy = cursorOf(row);
  const facts = [
    `method: '${method}'`,
    `path: '${path}'`,
    ...(takesBody(row) ? ['takesBody: true'] : []),
    ...(row.fileTypes ? ['takesFile: true'] : []),
    ...(Object.keys(row.query).length > 0 ? ['takesQuery: true'] : []),
    ...(pagesBy === undefined ? [] : [`pagesBy: '${pagesBy}'`]),
  ];
  return `  ${name}: { ${facts.join(', ')} },`;
}

function writeMethod(row: DocumentedRoute, types: TypeWriter): string {
  const { name, method, path, doc } = row;
  const answers = listSuccesses(row).map((schema) => types.write(schema));
  const answer = answers.length === 0 ? 'unknown' : [...new Set(answers)].join(' | ');
  const comment = `  /** ${oneLine(`\`${method} ${path}\`: ${doc.summary}`)} */\n`;
  const entry = cursorOf(row) === undefined ? undefined : entryOf(row);
  const params = [...path.matchAll(/:(\w+)/g)].map(([, param]) => `${param}: string`);
  if (entry) {
    const inPath = params.length === 0 ? '' : `, [${params.join(', ')}]`;
    return `${comment}  ${name}: PagedCall<${queryName(row)}, ${types.write(entry)}${inPath}>;`;
  }
  const parameters = [
    ...params,
    ...(takesBody(row) ? [`body: ${bodyType(row, types)}`] : []),
    ...(Object.keys(row.query).length > 0 ? [`query?: ${queryName(row)}`] : []),
    'options?: CallOptions',
  ];
  return `${comment}  ${name}(${parameters.join(', ')}): Promise<${answer}>;`;
}

function bodyType({ body, fileTypes }: DocumentedRoute, types: TypeWriter): string {
  if (fileTypes) return 'FileBody';
  return body ? types.write(schemaOf(body)) : 'unknown';
}

/** What a 2xx answers. */
function listSuccesses({ answers, isIngest }: DocumentedRoute): Schema[] {
  // A lead has other answers for callers that ask for them with headers.
  const wanted = (status: number) => (isIngest ? status === (answers[201] ? 201 : 200) : status < 300);
  return Object.entries(answers).flatMap(([status, schema]) => (wanted(Number(status)) ? [schemaOf(schema)] : []));
}

/** A list is paged when it takes cursors; its entries go on by their `id`, or by the first id they have. */
function cursorOf(row: DocumentedRoute): string | undefined {
  if (row.method !== 'GET' || !('before_id' in row.query && 'after_id' in row.query)) return undefined;
  const properties = Object.keys(entryOf(row)?.properties ?? {});
  return properties.includes('id') ? 'id' : properties.find((name) => name.endsWith('_id'));
}

/** What a page holds. */
function entryOf(row: DocumentedRoute): Schema | undefined {
  const [page] = listSuccesses(row);
  return page && itemsOf(page);
}

/** Of a list of one kind. */
function itemsOf({ items }: Schema): Schema | undefined {
  return items === undefined || 'length' in items ? undefined : items;
}

function queryName({ name }: DocumentedRoute): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}Query`;
}

function queryType(row: DocumentedRoute, types: TypeWriter): string[] {
  const parameters = Object.entries(row.query);
  if (parameters.length === 0) return [];
  const lines = parameters.flatMap(([name, { schema }]) => {
    const { description } = schemaOf(schema);
    const comment = description === undefined ? [] : [`  /** ${oneLine(description)} */`];
    return [...comment, `  ${name}?: ${parameterType(schemaOf(schema), types)} | undefined;`];
  });
  return [`/** The query of \`${row.name}\`. */\nexport type ${queryName(row)} = {\n${lines.join('\n')}\n};`];
}

/** As the client writes them: a list may be one value, `true` and `false` a boolean, a time a date, JSON a list. */
function parameterType(schema: Schema, types: TypeWriter): string {
  const items = itemsOf(schema);
  if (items) {
    const member = types.write(items);
    return `${member} | readonly ${bracketed(member)}[]`;
  }
  if (schema.enum?.every((value) => value === 'true' || value === 'false')) return "boolean | 'true' | 'false'";
  if (schema.contentMediaType === 'application/json') return 'string | readonly unknown[]';
  return isTime(schema) ? 'string | Date' : types.write(schema);
}

function isTime({ format, examples = [] }: Schema): boolean {
  return format === 'date-time' || examples.some((example) => DATE.test(String(example)));
}

const DATE = /^\d{4}-\d{2}-\d{2}/;

/** The rows' schemas are JSON Schema, whatever builds them. */
function schemaOf(schema: unknown): Schema {
  return schema as Schema;
}

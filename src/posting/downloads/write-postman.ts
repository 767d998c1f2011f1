import { writePostedRequest } from '../posted-request.ts';
import type { PostingFormat, PostingPage } from '../posting-page.ts';

const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';

/** A collection of Postman, format 2.1: the sample in each format, and the ping. */
export function writePostman(page: PostingPage): object {
  const formats = page.request_formats.map(({ name }) =>
    itemOf(page, { name: NAMES[name], url: page.submit_url, format: name }),
  );
  const ping = page.ping ? [itemOf(page, { name: 'Ping', url: page.ping.url, format: 'json' })] : [];
  return {
    info: {
      name: `${page.source.name} · ${page.flow.name}`,
      description: `How to post leads of ${page.source.name} to ${page.account.name}.`,
      schema: SCHEMA,
    },
    item: [...formats, ...ping],
  };
}

const NAMES: Readonly<Record<PostingFormat['name'], string>> = {
  form: 'Lead as a form',
  json: 'Lead as JSON',
  xml: 'Lead as XML',
  query: 'Lead in the query',
};

function itemOf(
  page: PostingPage,
  { name, url, format }: { name: string; url: string; format: PostingFormat['name'] },
): object {
  const { values } = page.sample;
  const needsKey = page.authentication.kind === 'basic';
  const { request } = writePostedRequest({
    submitUrl: url,
    format,
    values,
    accept: 'application/json',
    authorization: null,
  });
  return {
    name,
    request: {
      method: request.method,
      header: request.headers.map((header) => ({ key: header.name, value: escapeVariables(header.value) })),
      url: urlOf(url, format === 'query' ? values : []),
      ...(needsKey ? { auth: AUTH } : {}),
      ...bodyOf(request.body, { format, values }),
    },
    response: [],
  };
}

/** Postman asks for the variable when a request is sent. */
const AUTH = {
  type: 'basic',
  basic: [
    { key: 'username', value: 'api', type: 'string' },
    { key: 'password', value: '{{api_key}}', type: 'string' },
  ],
};

function urlOf(url: string, values: PostingPage['sample']['values']): object {
  const { protocol, hostname, port, pathname } = new URL(url);
  return {
    raw: url,
    protocol: protocol.slice(0, -1),
    host: hostname.split('.'),
    ...(port === '' ? {} : { port }),
    path: pathname.split('/').slice(1),
    ...(values.length === 0
      ? {}
      : { query: values.map(({ name, value }) => ({ key: name, value: escapeVariables(value) })) }),
  };
}

function bodyOf(
  body: string | null,
  { format, values }: { format: PostingFormat['name']; values: PostingPage['sample']['values'] },
): object {
  if (body === null) return {};
  if (format === 'form') {
    const urlencoded = values.map(({ name, value }) => ({ key: name, value: escapeVariables(value), type: 'text' }));
    return { body: { mode: 'urlencoded', urlencoded } };
  }
  const options = { raw: { language: format } };
  return { body: { mode: 'raw', raw: escapeVariables(body), options } };
}

/** Two braces begin a variable of Postman; a space between them means nothing and is no variable. */
function escapeVariables(text: string): string {
  return text.replaceAll('{{', '{ {');
}

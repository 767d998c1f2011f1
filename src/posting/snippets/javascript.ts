import type { PostedRequest } from '../posted-request.ts';

/** `fetch` as Node and browsers have it. */
export function writeJavascript({ method, url, headers, body }: PostedRequest): string {
  const fields = headers.map(({ name, value }) => `    ${literal(name)}: ${literal(value)},`);
  return [
    `const response = await fetch(${literal(url)}, {`,
    `  method: ${literal(method)},`,
    '  headers: {',
    ...fields,
    '  },',
    ...(body === null ? [] : [`  body: ${literal(body)},`]),
    '});',
    'console.log(await response.text());',
    'console.log(response.status);',
  ].join('\n');
}

/** JSON is JavaScript, but for two line ends that older engines refuse in a text. */
function literal(text: string): string {
  return JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

import type { PostedRequest } from '../posted-request.ts';

/** With the package requests. */
export function writePython({ method, url, headers, body }: PostedRequest): string {
  return [
    'import requests',
    '',
    `response = requests.request(`,
    `    ${literal(method)},`,
    `    ${literal(url)},`,
    '    headers={',
    ...headers.map(({ name, value }) => `        ${literal(name)}: ${literal(value)},`),
    '    },',
    // As bytes: a text would be sent as Latin-1.
    ...(body === null ? [] : [`    data=${literal(body)}.encode("utf-8"),`]),
    ')',
    'print(response.text)',
    'print(response.status_code)',
  ].join('\n');
}

/** Escapes of JSON are escapes of Python, but for the halves of characters beyond 16 bits, which stand as they are. */
function literal(text: string): string {
  return JSON.stringify(text).replace(/[\u2028\u2029\u0085\u007f]/g, (sign) => {
    return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

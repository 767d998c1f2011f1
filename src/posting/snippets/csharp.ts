import type { PostedRequest } from '../posted-request.ts';

/** As the whole of a program (top-level statements). */
export function writeCsharp({ method, url, headers, body }: PostedRequest): string {
  const ofBody = headers.find(({ name }) => name === 'Content-Type');
  const others = headers.filter((header) => header !== ofBody);
  return [
    'using System;',
    'using System.Net.Http;',
    'using System.Text;',
    '',
    'using var client = new HttpClient();',
    `using var request = new HttpRequestMessage(new HttpMethod(${literal(method)}), ${literal(url)});`,
    ...others.map(({ name, value }) => `request.Headers.TryAddWithoutValidation(${literal(name)}, ${literal(value)});`),
    ...(body === null
      ? []
      : [
          `request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(${literal(body)}));`,
          // Without the charset that StringContent adds.
          `request.Content.Headers.TryAddWithoutValidation("Content-Type", ${literal(ofBody?.value ?? '')});`,
        ]),
    'using var response = await client.SendAsync(request);',
    'Console.WriteLine(await response.Content.ReadAsStringAsync());',
    'Console.WriteLine((int)response.StatusCode);',
  ].join('\n');
}

/**
 * A regular string literal of C# (ECMA-334, 6.4.5.6): everything but plain ASCII as `\u` with four digits, which cannot run
 * into what follows as `\x` would.
 */
export function literal(text: string): string {
  const escaped = text.replace(/[^ !#-[\]-~]/g, (sign) => SHORT[sign] ?? escapeUnit(sign));
  return `"${escaped}"`;
}

const SHORT: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Halves of a character beyond 16 bits stand as two escapes, as in JavaScript. */
function escapeUnit(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

import type { PostedRequest } from '../posted-request.ts';

/** With the extension curl, which nearly every PHP has. */
export function writePhp({ method, url, headers, body }: PostedRequest): string {
  return [
    '<?php',
    `$request = curl_init(${quote(url)});`,
    'curl_setopt_array($request, [',
    `    CURLOPT_CUSTOMREQUEST => ${quote(method)},`,
    '    CURLOPT_HTTPHEADER => [',
    ...headers.map(({ name, value }) => `        ${quote(`${name}: ${value}`)},`),
    '    ],',
    ...(body === null ? [] : [`    CURLOPT_POSTFIELDS => ${quote(body)},`]),
    '    CURLOPT_RETURNTRANSFER => true,',
    ']);',
    '$body = curl_exec($request);',
    '$status = curl_getinfo($request, CURLINFO_RESPONSE_CODE);',
    'echo $body, "\\n", $status, "\\n";',
  ].join('\n');
}

/** In single quotes only the quote and the backslash mean something; `?>` inside a text does not end the program. */
function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

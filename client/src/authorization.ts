/** HTTP Basic with the key as password (RFC 7617). The key is in no message and in no URL. */
export function buildAuthorization(key: string): string {
  if (key.trim() === '') throw new TypeError('The API key is blank.');
  const bytes = new TextEncoder().encode(`API:${key.trim()}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

/** Throws for a URL that is no http(s) URL or holds credentials, without repeating it. */
export function parseUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol))
    throw new TypeError('The URL of the server must begin with http:// or https://.');
  if (parsed.username || parsed.password)
    throw new TypeError('The URL must not hold credentials: give the API key as `key`.');
  return parsed;
}

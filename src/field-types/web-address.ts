/** An http or https URL read as a browser would, `http://` added when there is no `://`; undefined when it is none. */
export function readWebAddress(text: string): URL | undefined {
  const candidate = text.includes('://') ? text : `http://${text}`;
  if (!URL.canParse(candidate)) return undefined;
  const url = new URL(candidate);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}

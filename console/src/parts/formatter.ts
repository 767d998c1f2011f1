/** To make a formatter takes fifty times as long as to use it, and a list formats hundreds of times and prices. */
const made = new Map<string, Intl.DateTimeFormat>();
/** More than a page uses: some shapes of the account's zone. A list of all zones is no page's, and begins anew. */
const MADE_MAX = 200;

/** The formatter of these options, made once. */
export function dateFormatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify(options);
  const known = made.get(key);
  if (known) return known;
  if (made.size >= MADE_MAX) made.clear();
  const formatter = new Intl.DateTimeFormat('en-US', options);
  made.set(key, formatter);
  return formatter;
}

import { quoted } from '../explain/wording.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** Days and periods of each that are told; a draft may hold any number. */
const PARTS_SHOWN_MAX = 7;

/** Hours of operation, a day of them, or checks of lists in words; undefined: it is none of them. */
export function wordsOfPart(value: object): string | undefined {
  if (Array.isArray(value)) return value.length > 0 && value.every(isPeriod) ? periodsText(value) : undefined;
  const part = value as JsonObject;
  if (isObject(part['days'])) return hoursText(part['days'], part['time_zone']);
  const checks = Object.entries(part).filter(([, check]) => check !== null);
  if (checks.length > 0 && checks.every(([, check]) => checkText(check) !== undefined)) {
    return checks
      .slice(0, PARTS_SHOWN_MAX)
      .map(([name, check]) => `${name.replaceAll('_', ' ')}: ${checkText(check)}`)
      .join('; ');
  }
  return checkText(part);
}

/** `Monday to Thursday 08:30–12:00, 13:00–17:30; Friday closed, America/Chicago`: neighbours that are the same are told once. */
function hoursText(days: JsonObject, zone: unknown): string {
  const runs: { first: string; last: string; hours: string }[] = [];
  for (const [day, periods] of Object.entries(days)) {
    const isOpen = Array.isArray(periods) && periods.length > 0 && periods.every(isPeriod);
    const hours = isOpen ? periodsText(periods) : 'closed';
    const run = runs.at(-1);
    if (run?.hours === hours) run.last = day;
    else runs.push({ first: day, last: day, hours });
  }
  const texts = runs.map(({ first, last, hours }) => {
    const until = first === last ? '' : ` to ${capitalised(last)}`;
    return `${capitalised(first)}${until} ${hours}`;
  });
  const shown = texts.length === 0 ? 'no open day' : texts.slice(0, PARTS_SHOWN_MAX).join('; ');
  return typeof zone === 'string' ? `${shown}, ${zone}` : shown;
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

interface Period {
  start: string;
  end: string;
}

function periodsText(periods: readonly Period[]): string {
  const texts = periods.slice(0, PARTS_SHOWN_MAX).map(({ start, end }) => `${start}–${end}`);
  const more = periods.length - texts.length;
  return more > 0 ? `${texts.join(', ')} and ${more} more` : texts.join(', ');
}

/** `{{lead.email}} in "Mortgage leads", 30 days back`; undefined: it is no check. */
function checkText(check: unknown): string | undefined {
  if (!isObject(check) || typeof check['list_name'] !== 'string') return undefined;
  const { value, values, list_name: list, lookback } = check;
  const templates = Array.isArray(values) ? values.map((each) => (isObject(each) ? each['value'] : each)) : [value];
  const asked = templates.filter((each) => typeof each === 'string').slice(0, PARTS_SHOWN_MAX);
  const back = isObject(lookback)
    ? `, ${String(lookback['value'])} ${String(lookback['interval'])}${lookback['value'] === 1 ? '' : 's'} back`
    : '';
  return `${asked.length === 0 ? 'no value' : asked.join(' or ')} in ${quoted(list)}${back}`;
}

function isPeriod(value: unknown): value is Period {
  return isObject(value) && typeof value['start'] === 'string' && typeof value['end'] === 'string';
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
